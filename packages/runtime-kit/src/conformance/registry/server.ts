import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { lookup } from 'mime-types';
import type { ServerCertificate } from './certificates.js';

/** What somebody asked for, and what came of it. */
export interface RecordedRequest {
  method: string;
  path: string;
  /** Whose credentials it carried; undefined where there were none, or wrong ones. */
  user: string | undefined;
  status: number;
}

/** What lies below is given to everybody. */
const PUBLIC = '/public/';

/** Serves files over HTTPS to those who give the right credentials, and remembers every request. */
export class RegistryServer {
  readonly requests: RecordedRequest[] = [];
  private readonly users = new Map<string, string>();
  private files = new Map<string, Buffer>();

  private constructor(private readonly server: Server) {}

  /** Listens on a free port of an address of this machine. */
  static async listen(
    address: string,
    { key, certificate }: ServerCertificate,
  ): Promise<RegistryServer> {
    const server = createServer({ key, cert: certificate });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, address, resolve);
    });
    const registry = new RegistryServer(server);
    server.on('request', ({ method = 'GET', url = '/', headers }, response) => {
      const { pathname } = new URL(url, 'https://any');
      const user = registry.users.get(headers.authorization ?? '');
      const { status, path, body } = registry.answer(pathname, user);
      registry.requests.push({ method, path, user, status });
      response.writeHead(status, {
        'content-type': lookup(path) || 'application/octet-stream',
        ...(status === 401 ? { 'www-authenticate': 'Basic realm="packages"' } : {}),
      });
      response.end(body);
    });
    return registry;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Lets a user in, by password or with the password as a bearer token. */
  admit(user: string, password: string): void {
    this.users.set(`Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`, user);
    this.users.set(`Bearer ${password}`, user);
  }

  /** The files to serve, by path without a leading slash. */
  serve(files: Map<string, Buffer>): void {
    this.files = files;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private answer(
    asked: string,
    user: string | undefined,
  ): { status: number; path: string; body: Buffer | string } {
    const path = decoded(asked);
    if (user === undefined && !path.startsWith(PUBLIC))
      return { status: 401, path, body: 'credentials, please\n' };
    const file = path.endsWith('/') ? `${path}index.html` : path;
    const body = this.files.get(file.slice(1));
    if (body) return { status: 200, path: file, body };
    return { status: 404, path, body: 'no such file\n' };
  }
}

/** Some clients ask for a name with a slash in it as one segment. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
