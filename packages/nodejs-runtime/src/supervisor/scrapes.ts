import type { MetricsPage } from '../messages.js';
import { processUsage } from './process-usage.js';
import type { Totals } from './totals.js';
import type { WorkerProcess } from './worker-process.js';

/** A worker that does not report within this time is held up; its last report has to do. */
const PATIENCE_MS = 250;

/** Makes the metrics page from fresh reports of all workers. */
export class Scrapes {
  readonly #totals: Totals<WorkerProcess>;
  readonly #waiting = new Map<number, () => void>();
  #lastId = 0;

  constructor(totals: Totals<WorkerProcess>) {
    this.#totals = totals;
  }

  async page(workers: WorkerProcess[]): Promise<MetricsPage> {
    await Promise.all(
      workers.filter((worker) => !worker.stalled).map((worker) => this.#ask(worker)),
    );
    const { renderMetrics } = await import('./metrics-page.js');
    return renderMetrics(this.#totals.parts(), processUsage());
  }

  /** A worker has confirmed that its report is in. */
  counted(id: number): void {
    this.#waiting.get(id)?.();
  }

  #ask(worker: WorkerProcess): Promise<void> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(patience);
        this.#waiting.delete(id);
        worker.off('exit', done);
        resolve();
      };
      const patience = setTimeout(done, PATIENCE_MS);
      this.#waiting.set(id, done);
      worker.once('exit', done);
      worker.send({ type: 'count', id });
    });
  }
}
