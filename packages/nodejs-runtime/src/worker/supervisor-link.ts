import {
  type Envelope,
  type MetricsPage,
  type ToSupervisor,
  type ToWorker,
  unwrap,
} from '../messages.js';

export interface LinkHandlers {
  listen: (socket: unknown) => void;
  drain: () => void;
  stop: (withinMs: number | undefined) => void;
}

/** The worker's end of the channel to the supervisor. */
export class SupervisorLink {
  readonly #handlers: LinkHandlers;
  readonly #pages = new Map<number, (page: MetricsPage) => void>();
  readonly #send = process.send?.bind(process);
  #lastId = 0;

  constructor(handlers: LinkHandlers) {
    this.#handlers = handlers;
    process.on('message', (received, handle) => {
      const message = unwrap<ToWorker>(received);
      if (message) this.#receive(message, handle);
    });
  }

  /** @param then is called when the message is on its way */
  send(message: ToSupervisor, then = () => {}): void {
    if (!process.connected) return;
    this.#send?.({ 'runtime-kit': message } satisfies Envelope<ToSupervisor>, undefined, {}, then);
  }

  /** The whole container's metrics, which only the supervisor knows. */
  scrape(): Promise<MetricsPage> {
    return new Promise((resolve) => {
      const id = ++this.#lastId;
      this.#pages.set(id, resolve);
      this.send({ type: 'scrape', id });
    });
  }

  #receive(message: ToWorker, handle: unknown): void {
    switch (message.type) {
      case 'listen':
        this.#handlers.listen(handle);
        break;
      case 'drain':
        this.#handlers.drain();
        break;
      case 'stop':
        this.#handlers.stop(message.withinMs);
        break;
      case 'page':
        this.#pages.get(message.id)?.(message.page);
        this.#pages.delete(message.id);
        break;
    }
  }
}
