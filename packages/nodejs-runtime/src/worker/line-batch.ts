import { setImmediate } from './clock.js';

/** The most that one write to a pipe carries without another process's output in between (PIPE_BUF). */
export const ATOMIC_BYTES = 4096;

/**
 * Collects the lines of one turn of the event loop and writes them together: one write for many
 * requests under load, and still no line waits longer than its own turn.
 */
export class LineBatch {
  readonly #write: (text: string) => void;
  #text = '';
  #bytes = 0;
  #scheduled = false;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** @param line with its line end */
  write(line: string): void {
    const bytes = Buffer.byteLength(line);
    if (this.#bytes + bytes > ATOMIC_BYTES) this.flush();
    this.#text += line;
    this.#bytes += bytes;
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  /** Writes what is there now; for the last moment of the process. */
  flush(): void {
    if (this.#bytes === 0) return;
    const text = this.#text;
    this.#text = '';
    this.#bytes = 0;
    this.#write(text);
  }
}
