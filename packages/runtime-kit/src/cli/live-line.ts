/**
 * Progress of long work on stderr: one line that changes on a terminal, elsewhere a line now and then
 * and one at the end.
 */
export function liveLine(everyMs: number): (text: string, done: boolean) => void {
  const live = process.stderr.isTTY && !process.env.CI;
  let printedAt = Date.now();
  return (text, done) => {
    if (live) {
      process.stderr.write(`\r\x1b[K${text}${done ? '\n' : ''}`);
      return;
    }
    if (!done && Date.now() - printedAt < everyMs) return;
    printedAt = Date.now();
    process.stderr.write(`${text}\n`);
  };
}
