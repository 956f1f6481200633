import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { request } from 'undici';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import type { ServerCertificate } from '../../packages/runtime-kit/src/conformance/registry/certificates.js';
import { ROOT, until } from './support.js';

const run = promisify(execFile);

/** `ada` with the password `right-4711`, by bcrypt: the registry knows no other. */
export const ADA = { user: 'ada', password: 'right-4711' };
const HTPASSWD = 'ada:$2a$05$hnb0QjuPTDPT5U13vQ.FfeCDcrTnPiDrSIGREIlaR4K2Vkg58Ivya\n';

export interface RegistryOptions {
  certificate?: ServerCertificate;
  /** Lets in ADA alone. */
  isPrivate?: boolean;
}

/** Debian's docker-registry on a loopback address, with a folder of its own; both go with the test. */
export class DockerRegistry {
  private child: ChildProcess | undefined;

  private constructor(
    readonly host: string,
    private readonly folder: string,
    private readonly isPlain: boolean,
  ) {}

  static async start({ certificate, isPrivate }: RegistryOptions = {}): Promise<DockerRegistry> {
    const folder = await mkdtemp(join(tmpdir(), 'runtime-kit-registry-'));
    const port = await freePort();
    const files = {
      'key.pem': certificate?.key ?? '',
      'cert.pem': certificate?.certificate ?? '',
      htpasswd: HTPASSWD,
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const tls = { key: join(folder, 'key.pem'), certificate: join(folder, 'cert.pem') };
    const htpasswd = { realm: 'test', path: join(folder, 'htpasswd') };
    const config = {
      version: 0.1,
      log: { level: 'error' },
      storage: { filesystem: { rootdirectory: join(folder, 'data') }, delete: { enabled: true } },
      http: { addr: `127.0.0.1:${port}`, ...(certificate ? { tls } : {}) },
      ...(isPrivate ? { auth: { htpasswd } } : {}),
    };
    await writeFile(join(folder, 'config.yml'), stringify(config));
    const host = `${certificate ? 'localhost' : '127.0.0.1'}:${port}`;
    const registry = new DockerRegistry(host, folder, !certificate);
    onTestFinished(async () => {
      await registry.kill();
      await rm(folder, { recursive: true, force: true });
    });
    await registry.start();
    return registry;
  }

  async start(): Promise<void> {
    const child = spawn(program(), ['serve', join(this.folder, 'config.yml')], { stdio: 'ignore' });
    this.child = child;
    child.on('error', () => {}); // it has no pid then
    if (child.pid === undefined)
      throw new Error(
        'there is no docker-registry: scripts/test brings it, on Debian also apt-get',
      );
    await until('the registry listens', async () => {
      if (child.exitCode !== null) throw new Error(`docker-registry ended with ${child.exitCode}`);
      return this.isUp();
    });
  }

  private async isUp(): Promise<boolean> {
    // Over TLS any answer will do, that its certificate is not known too.
    const url = `${this.isPlain ? 'http' : 'https'}://${this.host}/v2/`;
    return request(url).then(
      async ({ body }) => body.dump().then(() => true),
      ({ code }) => code !== 'ECONNREFUSED',
    );
  }

  /** As a machine that goes down: without a word to anybody. */
  async kill(): Promise<void> {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }

  /** Forgets everything; not while it runs. */
  async empty(): Promise<void> {
    await rm(join(this.folder, 'data'), { recursive: true, force: true });
  }

  /** Resolves when the first byte of an upload has come. */
  async untilUploading(): Promise<void> {
    await until('an upload begins', async () => {
      const names = await readdir(this.folder, { recursive: true }).catch((error) => {
        if (error.code === 'ENOENT') return []; // the registry removes folders while they are read
        throw error;
      });
      return names.some((name) => name.includes('_uploads') && name.endsWith('data'));
    });
  }
}

/** From the PATH, or where scripts/test put it, which starts no service of the package. */
function program(): string {
  const own = join(ROOT, '.runtime-kit/tools/docker-registry/usr/bin/docker-registry');
  return existsSync(own) ? own : 'docker-registry';
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/** What skopeo sees: a program that shares no code with ours. */
export async function skopeo(args: string[]): Promise<string> {
  return (await run('skopeo', args)).stdout;
}
