import type { Server, StartOptions, Target } from '../targets/target.js';

/**
 * The servers of one target. Shared ones live until the end of the run; the first start tells
 * whether this target can be started at all, so that a broken one fails at once, not case by case.
 */
export class Servers {
  private readonly shared = new Map<string, Promise<Server>>();
  private firstStart: Promise<Server> | undefined;

  constructor(readonly target: Target) {}

  /** One server for all cases that ask for the same options, and for the same group if they name one. */
  share(options: StartOptions, group = ''): Promise<Server> {
    const key = group + canonical(options);
    const known = this.shared.get(key);
    if (known) return known;
    const started =
      key === canonical({}) ? this.probe() : this.probe().then(() => this.target.start(options));
    started.catch(() => {}); // every case that asks gets the error itself
    this.shared.set(key, started);
    return started;
  }

  async start(options: StartOptions): Promise<Server> {
    await this.probe();
    return this.target.start(options, 'case');
  }

  async stopAll(): Promise<void> {
    const started = new Set([this.firstStart, ...this.shared.values()]);
    await Promise.allSettled([...started].map(async (server) => (await server)?.stop()));
  }

  private probe(): Promise<Server> {
    this.firstStart ??= this.target.start({});
    return this.firstStart;
  }
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => a.localeCompare(b)));
  });
}
