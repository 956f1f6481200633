const OPTION = '--v8-pool-size';

/** As many threads as Node.js gives V8 for compiling and collecting in a process, by default. */
const MOST = 4;

/**
 * The options of a worker that give V8 no more threads than there are CPUs for it. More of them than that leave
 * the main thread its share of one CPU, and it waits for its turn while calls do.
 *
 * @param given options that are set for all processes: a pool's size among them stays
 */
export function threadOptions(cpus: number, workers: number, given: readonly string[]): string[] {
  const threads = Math.ceil(cpus / workers);
  if (threads >= MOST || given.some((option) => option.startsWith(OPTION))) return [];
  return [`${OPTION}=${threads}`];
}

/** Takes them from the options that the process passes on: Node.js starts no thread with them. */
export function forgetThreadOptions(): void {
  process.execArgv = process.execArgv.filter((option) => !option.startsWith(OPTION));
}
