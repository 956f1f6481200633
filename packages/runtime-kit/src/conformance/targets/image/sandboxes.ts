import type { Engine } from '../../../engine/index.js';
import { CONFINED } from './confinement.js';

/** A network that servers have one after the other, as the containers of a pod have theirs. */
export interface Sandbox {
  /** Id of the container that keeps it. */
  id: string;
  host: string;
  /** Where the server's port is published. */
  port: number;
}

/**
 * The networks of servers that live for a case: to make one and to publish a port of it takes the engine as
 * long as all the rest of a container's start. Each is kept by a container that sleeps.
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
    /** The port that is published. */
    private readonly port: number,
  ) {}

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
      publish: [this.port],
      ...CONFINED,
    });
    await containers.start(id);
    const published = (await containers.state(id)).ports[this.port];
    if (!published) throw new Error(`the engine published no port of the container ${id}`);
    return { id, ...published };
  }
}
