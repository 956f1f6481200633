import { randomBytes } from 'node:crypto';
import { fixtureNames } from '../targets/fixtures.js';
import type {
  FailedStart,
  ImageFacts,
  PhaseResult,
  Prepared,
  PrivateRegistry,
  RuntimeFacts,
  Server,
  StartOptions,
  Target,
} from '../targets/target.js';
import { isReachable } from './registry.js';
import type { Servers } from './servers.js';

/** A bad value or module must end the process within this time. */
const FAIL_WITHIN_MS = 5000;

/** Thrown by `t.skip`: this target cannot be asked. */
export class Skipped extends Error {
  override name = 'Skipped';
}

/** What a case can do. Servers it starts are gone when it ends; shared ones stay. */
export class CaseContext {
  private readonly used = new Set<Server>();
  private readonly own: Server[] = [];

  constructor(private readonly servers: Servers) {}

  get runtime(): RuntimeFacts {
    return this.target.runtime ?? this.skip('the language of this target is not known');
  }

  get isContainer(): boolean {
    return this.target.image !== undefined;
  }

  get image(): ImageFacts {
    return this.target.image ?? this.skip('this target is no image');
  }

  /** A server of this case alone, healthy. */
  async start(options: StartOptions = {}): Promise<Server> {
    return this.keep(await this.servers.start(options));
  }

  /** The same, without waiting for health. */
  async launch(options: StartOptions = {}): Promise<Server> {
    return this.keep(await this.target.launch(options));
  }

  /**
   * One server for all cases with equal options; for requests that disturb nobody. Cases that may
   * leave it worse than it was share one among themselves, by the name of their group.
   */
  async shared(options: StartOptions = {}, group?: string): Promise<Server> {
    const server = await this.servers.share(options, group);
    this.used.add(server);
    return server;
  }

  /** Starts what must not start; throws where it still runs after the time. */
  async startFailing(
    options: StartOptions = {},
    withinMs: number = FAIL_WITHIN_MS,
  ): Promise<FailedStart> {
    return this.target.startFailing(options, withinMs);
  }

  async runPhases(options: StartOptions): Promise<PhaseResult[]> {
    return this.target.runPhases(options);
  }

  /** The phases of a function, run once for equal options. */
  async prepared(options: StartOptions): Promise<Prepared> {
    return this.target.prepared(options);
  }

  /** A registry that asks for credentials and has the packages of the fixtures; one for all cases. */
  async privateRegistry(): Promise<PrivateRegistry> {
    return this.target.privateRegistry();
  }

  fixtures(): Promise<string[]> {
    return fixtureNames(this.runtime);
  }

  /** A word that nothing else in this run contains. */
  mark(): string {
    return `m${randomBytes(6).toString('hex')}`;
  }

  /**
   * A function with a dependency: of the registry that the language uses by default or, where this
   * machine does not reach it, of the private one.
   */
  async withDependency(): Promise<StartOptions> {
    if (await isReachable(this.runtime.registry)) return { fixture: 'with-dependency' };
    const registry = (await this.privateRegistry()).access();
    return { fixture: 'with-private-dependency', registry };
  }

  skip(reason: string): never {
    throw new Skipped(reason);
  }

  /** The last log lines of the servers that the case talked to. */
  async logTail(lines: number): Promise<string> {
    const logs = await Promise.all([...this.used].map((server) => tailOf(server, lines)));
    return logs.filter((text) => text !== '').join('\n---\n');
  }

  async dispose(): Promise<void> {
    await Promise.allSettled(this.own.map((server) => server.stop()));
  }

  private get target(): Target {
    return this.servers.target;
  }

  private keep(server: Server): Server {
    this.own.push(server);
    this.used.add(server);
    return server;
  }
}

async function tailOf(server: Server, lines: number): Promise<string> {
  const { stdout, stderr } = await server.log();
  const last = (text: string): string[] => text.trimEnd().split('\n').slice(-lines);
  return [...last(stdout), ...last(stderr)].filter((line) => line !== '').join('\n');
}
