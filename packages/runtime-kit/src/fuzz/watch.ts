import { setTimeout as sleep } from 'node:timers/promises';
import { metricsOf, sampleValue } from '../conformance/prometheus/page.js';
import type { Family } from '../conformance/prometheus/parse.js';
import type { Server } from '../conformance/targets/target.js';
import { messageOf } from '../errors.js';

const STEADY_AFTER_MS = 500;
const STARTED_WITHIN_MS = 10_000;
/** Longer than FUNC_TIMEOUT. */
const IDLE_WITHIN_MS = 7000;
const POLL_MS = 100;
const GOOD_WITHIN_MS = 10_000;

/** Looks after a server while it is fed: its processes, its answers to good calls, its metrics. */
export class Watch {
  goodCalls = 0;
  /** False when no process is left. */
  serves = true;
  private pids: number[] = [];

  constructor(private readonly server: Server) {}

  /** Waits until all processes are there: some servers start the others when the first one serves. */
  async begin(): Promise<void> {
    const end = Date.now() + STARTED_WITHIN_MS;
    let known: number[] = [];
    for (let same = false; !same && Date.now() < end; ) {
      await sleep(STEADY_AFTER_MS);
      const now = await this.living();
      same = now.length > 0 && now.join() === known.join();
      known = now;
    }
    this.pids = known;
  }

  /** How many of the processes that were there have ended; those that are there now are known next. */
  async ended(): Promise<number> {
    const now = await this.living();
    const gone = this.pids.filter((pid) => !now.includes(pid));
    if (gone.length > 0) this.pids = now;
    this.serves = now.length > 0;
    return gone.length;
  }

  /** A good call, on a connection of its own. @returns what is wrong with its answer. */
  async goodCall(): Promise<string | undefined> {
    const id = `good-${++this.goodCalls}`;
    try {
      const answer = await this.server.fetch(`/id?id=${id}`, { limitMs: GOOD_WITHIN_MS });
      if (answer.status === 200 && answer.text() === id) return undefined;
      return `a good call got ${answer.status} ${JSON.stringify(answer.text().slice(0, 200))}`;
    } catch (error) {
      return `a good call: ${messageOf(error)}`;
    }
  }

  /** What the metrics say when all inputs are through. @returns what is wrong with them. */
  async metrics(answersOf500: number): Promise<string[]> {
    try {
      const page = await this.whenIdle();
      const running = sampleValue(page, 'function_requests_in_flight');
      const samples = page.get('function_failures_total')?.samples ?? [];
      const failures = samples.reduce((sum, { value }) => sum + value, 0);
      const unexplained = `${answersOf500} answers of 500, but only ${failures} calls failed: it was the server`;
      return [
        ...(running === 0 ? [] : [`metrics: ${running} calls still run`]),
        ...(failures >= answersOf500 ? [] : [unexplained]),
      ];
    } catch (error) {
      return [`metrics: ${messageOf(error)}`];
    }
  }

  /** The page, as soon as no call runs any more, or at the end of the time that calls have. */
  private async whenIdle(): Promise<Map<string, Family>> {
    const end = Date.now() + IDLE_WITHIN_MS;
    for (;;) {
      const page = await metricsOf(this.server);
      if (sampleValue(page, 'function_requests_in_flight') === 0 || Date.now() > end) return page;
      await sleep(POLL_MS);
    }
  }

  private async living(): Promise<number[]> {
    // The engine has no list of an ended container's processes.
    const processes = await this.server.processes().catch(() => []);
    return processes
      .filter(({ zombie }) => !zombie)
      .map(({ pid }) => pid)
      .sort((a, b) => a - b);
  }
}
