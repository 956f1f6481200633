import { readlinkSync } from 'node:fs';
import { familyOf, type ProcessStat, readProcesses, readThreads } from '../processes.js';
import { Inquiry } from './inquiry.js';

const OBSERVE_MS = 1000;

/** Of the looks, those that find code of a call that is over. A wait that ends late is in a few at most. */
const SHARE_OF_LEFTOVERS = 0.15;

/** Of the looks, those that find something running though there is no call. */
const SHARE_OF_WORK = 0.5;

/** Times that the observation begins anew because other calls ran, and what runs may be theirs. */
const MOST_ATTEMPTS = 10;

/**
 * Watches, after a call ran past its time, whether what it left behind goes on using the CPU: a loop that
 * awaits in every turn, an interval, a thread or a process of its own. None of these blocks the main thread
 * for long, and none can be terminated.
 */
export class Observation {
  readonly #inquiry = new Inquiry();
  #attempts = 0;
  #startedAt = 0;
  #looks = 0;
  #leftovers = 0;
  #working = 0;
  #hadCalls = false;

  constructor() {
    this.#begin();
  }

  /**
   * @param running calls that run
   * @returns what was found, once that is known
   */
  async look(running: number): Promise<'busy' | 'idle' | undefined> {
    this.#looks++;
    if (running > 0) this.#hadCalls = true;
    else if (isWorking()) this.#working++;
    if ((await this.#inquiry.ask('leftover')) === 1) this.#leftovers++;
    if (performance.now() - this.#startedAt < OBSERVE_MS) return undefined;
    const finding = this.#judge();
    if (finding === undefined) this.#begin();
    else this.#inquiry.close();
    return finding;
  }

  #judge(): 'busy' | 'idle' | undefined {
    if (this.#leftovers > this.#looks * SHARE_OF_LEFTOVERS) return 'busy';
    if (!this.#hadCalls) return this.#working > this.#looks * SHARE_OF_WORK ? 'busy' : 'idle';
    return this.#attempts < MOST_ATTEMPTS ? undefined : 'idle';
  }

  #begin(): void {
    this.#attempts++;
    this.#startedAt = performance.now();
    this.#looks = 0;
    this.#leftovers = 0;
    this.#working = 0;
    this.#hadCalls = false;
  }
}

/**
 * Whether a thread that is neither the present nor the main one, or a child process, wants a processor.
 * The main thread is asked itself: on a busy machine it waits for a processor only to answer.
 */
function isWorking(): boolean {
  const isRunning = ({ state }: ProcessStat) => state === 'R';
  const others = readThreads(process.pid).filter(
    ({ pid }) => pid !== ownThread && pid !== process.pid,
  );
  const [, ...children] = familyOf(process.pid, readProcesses());
  return others.some(isRunning) || children.some(isRunning);
}

const ownThread = threadNumber();

function threadNumber(): number {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').at(-1));
  } catch {
    return 0; // not Linux
  }
}
