import { writeSync } from 'node:fs';
import { Socket } from 'node:net';

type Write = (text: string) => unknown;

/**
 * The server's own way to stdout or stderr: `process.stdout` and its file descriptor are the function's, which may
 * end the one and close the other.
 *
 * @param fd a second descriptor of the same pipe, file or terminal
 * @returns writes at once or, while the reader of a pipe does not keep up, as soon as it does
 */
export function openOutput(fd: number): Write {
  let write: Write | undefined;
  return (text) => {
    write ??= open(fd);
    write(text);
  };
}

function open(fd: number): Write {
  try {
    const pipe = new Socket({ fd, readable: false, writable: true });
    pipe.on('error', () => {}); // nobody can be told that it is broken
    return (text) => pipe.write(text);
  } catch {
    return (text) => writeSync(fd, text); // Node has no sockets for files and terminals
  }
}
