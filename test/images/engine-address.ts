import { execFile } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);
const BRIDGE = '{{index .Options "com.docker.network.bridge.name"}}';

/**
 * This machine's address as containers on the default network see it. The engine itself tells it only from its
 * second start on.
 */
export async function engineAddress(): Promise<string> {
  const { stdout } = await run('docker', ['network', 'inspect', 'bridge', '--format', BRIDGE]);
  const bridge = networkInterfaces()[stdout.trim()] ?? [];
  const address = bridge.find(({ family }) => family === 'IPv4')?.address;
  if (address === undefined) throw new Error(`no address at the bridge "${stdout.trim()}"`);
  return address;
}
