import type { Logs } from './types.js';

const HEAD_BYTES = 8;
const STDERR = 2;

/**
 * The engine interleaves both streams in frames: one byte for the stream, three unused, four for the
 * length. The client's own demultiplexer takes them by recursion and fails on a long log.
 */
export function splitLog(frames: Buffer): Logs {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  for (let at = 0; at + HEAD_BYTES <= frames.length; ) {
    const start = at + HEAD_BYTES;
    const end = start + frames.readUInt32BE(at + 4);
    (frames[at] === STDERR ? stderr : stdout).push(frames.subarray(start, end));
    at = end;
  }
  return { stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}
