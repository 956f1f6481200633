import type { Engine } from '../../../engine/index.js';
import { CONFINED } from './confinement.js';

/** The port of servers, which is published. */
export const SERVER_PORT = 8080;

/** A network that containers have one after the other, as those of a pod have theirs. */
export interface Sandbox {
  /** Id of the container that keeps it. */
  id: string;
  host: string;
  /** Where `SERVER_PORT` is published. */
  port: number;
}

/**
 * The networks of phases, and of servers that live for a case: to make one and to publish a port of it takes
 * the engine as long as all the rest of a container's start. Each is kept by a container that sleeps.
 */
export class Sandboxes {
  private readonly free: Sandbox[] = [];
  private areMade = true;

  constructor(
    private readonly engine: Engine,
    /** An image that should have `sleep`. */
    private readonly image: string,
    /** What its containers are removed by, when the run is put away. */
    private readonly labels: Record<string, string>,
  ) {}

  /** Runs `work` in one, or in a network of its own where the image cannot sleep. */
  async use<Result>(work: (place: { network?: string }) => Promise<Result>): Promise<Result> {
    const sandbox = await this.take();
    if (!sandbox) return work({});
    try {
      return await work({ network: networkOf(sandbox) });
    } finally {
      this.give(sandbox);
    }
  }

  /** One that nobody else has until it is given back; undefined where the image cannot sleep. */
  async take(): Promise<Sandbox | undefined> {
    const free = this.free.pop();
    if (free || !this.areMade) return free;
    return this.make().catch(() => {
      this.areMade = false;
      return undefined;
    });
  }

  give(sandbox: Sandbox): void {
    this.free.push(sandbox);
  }

  private async make(): Promise<Sandbox> {
    const { containers } = this.engine;
    const id = await containers.create({
      image: this.image,
      labels: this.labels,
      entrypoint: ['sleep'],
      command: ['infinity'],
      publish: [SERVER_PORT],
      ...CONFINED,
    });
    await containers.start(id);
    const published = (await containers.state(id)).ports[SERVER_PORT];
    if (!published) throw new Error(`the engine published no port of the container ${id}`);
    return { id, ...published };
  }
}

/** As the engine is told it. */
export function networkOf({ id }: Sandbox): string {
  return `container:${id}`;
}
