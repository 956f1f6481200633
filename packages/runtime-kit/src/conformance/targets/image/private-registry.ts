import { randomBytes } from 'node:crypto';
import type { Engine } from '../../../engine/index.js';
import { certifyServer, type ServerCertificate } from '../../registry/certificates.js';
import { type RecordedRequest, RegistryServer } from '../../registry/server.js';
import {
  type AccessOptions,
  type PrivateRegistryFacts,
  REGISTRY_HOST,
  registrySettings,
} from '../../registry/settings.js';
import type { PrivateRegistry, RegistryAccess, RuntimeFacts } from '../target.js';
import { makePackages } from './packages.js';

export interface RegistryOptions {
  engine: Engine;
  runtime: RuntimeFacts;
  /** How the installation is told about it. */
  facts: PrivateRegistryFacts;
  /** Image whose tools make the packages. */
  image: string;
  /** A name for the network, and its labels. */
  name: string;
  labels: Record<string, string>;
}

/** Where a registry listens, and how containers get there. */
interface Place {
  server: RegistryServer;
  address: string;
  network: string | undefined;
}

/** Nothing listens there: it is reserved for a protocol that nobody speaks any more. */
const DEAD_PORT = 1;

/** A registry on this machine for the containers of one run. */
export class RunRegistry implements PrivateRegistry {
  private readonly accesses = new Map<string, RegistryAccess>();

  private constructor(
    private readonly options: RegistryOptions,
    private readonly place: Place,
    private readonly authority: string,
  ) {}

  /** @throws Error with what the tools said where the packages cannot be made. */
  static async open(options: RegistryOptions): Promise<RunRegistry> {
    const certificate = await certifyServer(REGISTRY_HOST);
    const place = await listen(options, certificate);
    const registry = new RunRegistry(options, place, certificate.authority);
    try {
      const url = `https://${REGISTRY_HOST}:${place.server.port}`;
      place.server.serve(await makePackages(options, url));
    } catch (error) {
      await registry.close();
      throw error;
    }
    return registry;
  }

  access(options: AccessOptions = {}): RegistryAccess {
    const key = JSON.stringify(options);
    const known = this.accesses.get(key);
    if (known) return known;
    const { server, address, network } = this.place;
    const made = this.settings(server.port, address, options);
    if (network !== undefined) made.network = network;
    this.accesses.set(key, made);
    return made;
  }

  unreachable(): RegistryAccess {
    return this.settings(DEAD_PORT, '127.0.0.1', {});
  }

  requests({ user }: RegistryAccess): RecordedRequest[] {
    return this.place.server.requests.filter((request) => request.user === user);
  }

  async close(): Promise<void> {
    const { server, network } = this.place;
    await server.close();
    if (network !== undefined) await this.options.engine.networks.remove(network);
  }

  private settings(port: number, address: string, options: AccessOptions): RegistryAccess {
    const user = `user-${randomBytes(4).toString('hex')}`;
    const password = randomBytes(16).toString('hex');
    this.place.server.admit(user, password);
    const { authority } = this;
    return {
      ...registrySettings(this.options.facts, { port, user, password, authority }, options),
      hosts: { [REGISTRY_HOST]: address },
      user,
      secrets: [password, Buffer.from(`${user}:${password}`).toString('base64')],
    };
  }
}

/**
 * On this machine's address in a network that leads nowhere else. Where the engine runs in a machine of
 * its own, that address is not ours: then on the loopback address, to which such engines forward what
 * their containers send to the host.
 */
async function listen(
  { engine, name, labels }: RegistryOptions,
  certificate: ServerCertificate,
): Promise<Place> {
  const gateway = await engine.networks.createInternal(name, labels);
  try {
    if (gateway !== undefined)
      return {
        server: await RegistryServer.listen(gateway, certificate),
        address: gateway,
        network: name,
      };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRNOTAVAIL') throw error;
  }
  await engine.networks.remove(name);
  return {
    server: await RegistryServer.listen('127.0.0.1', certificate),
    address: 'host-gateway',
    network: undefined,
  };
}
