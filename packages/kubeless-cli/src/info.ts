const begun = Date.now();

/** A line about the work on stderr, as Kubeless's own command line has them. */
export function info(text: string): void {
  process.stderr.write(`${infoLine(text)}\n`);
}

/** With the seconds since the command began. */
export function infoLine(text: string): string {
  const seconds = Math.floor((Date.now() - begun) / 1000);
  return `INFO[${String(seconds).padStart(4, '0')}] ${text}`;
}
