import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * This machine's address as containers on the default network see it. Until its second start the engine does
 * not tell it, but takes the first of the network.
 */
export async function engineAddress(): Promise<string> {
  const format = '{{json (index .IPAM.Config 0)}}';
  const { stdout } = await run('docker', ['network', 'inspect', 'bridge', '--format', format]);
  const { Gateway, Subnet } = JSON.parse(stdout) as { Gateway?: string; Subnet: string };
  return Gateway ?? Subnet.replace(/\.0\/\d+$/, '.1');
}
