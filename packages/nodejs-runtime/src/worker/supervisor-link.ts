import type { MetricsPage, ToSupervisor, ToWorker } from '../messages.js';

type Handlers = { [Type in ToWorker['type']]?: (handle: unknown) => void };

/** The worker's end of the channel to the supervisor. */
export class SupervisorLink {
  readonly #pages = new Map<number, (page: MetricsPage) => void>();
  #lastId = 0;

  /** @param reportCounts must send the counts before it returns */
  constructor(handlers: Handlers, reportCounts: () => void) {
    process.on('message', (message: ToWorker, handle) => {
      if (message.type === 'count') {
        reportCounts();
        this.send({ type: 'counted', id: message.id });
      } else if (message.type === 'page') {
        this.#pages.get(message.id)?.(message.page);
        this.#pages.delete(message.id);
      } else handlers[message.type]?.(handle);
    });
  }

  send(message: ToSupervisor): void {
    if (process.connected) process.send?.(message);
  }

  /** The whole container's metrics, which only the supervisor knows. */
  scrape(): Promise<MetricsPage> {
    return new Promise((resolve) => {
      const id = ++this.#lastId;
      this.#pages.set(id, resolve);
      this.send({ type: 'scrape', id });
    });
  }
}
