import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';

/**
 * Sends what a stream carries as it comes. A client that leaves, and a HEAD, end the stream.
 *
 * @returns when the answer is out
 * @throws the stream's error, and for a stream that ends too early or carries anything but strings and bytes
 */
export async function sendStream(response: ServerResponse, stream: Readable): Promise<void> {
  const stop = () => stream.destroy();
  stream.on('error', () => {}); // it may fail again after the loop below has ended
  if (!response.hasHeader('Content-Type'))
    response.setHeader('Content-Type', 'application/octet-stream');
  if (response.closed || response.req.method === 'HEAD') {
    stop();
    response.end();
    return;
  }
  response.once('close', stop);
  try {
    for await (const chunk of stream) {
      if (!response.write(bytesOf(chunk)) && !response.closed) await drained(response);
    }
  } catch (error) {
    if (!response.closed) throw error;
  }
  if (response.closed) return;
  response.end();
  await once(response, 'close');
}

function bytesOf(chunk: unknown): string | Uint8Array {
  if (typeof chunk === 'string' || chunk instanceof Uint8Array) return chunk;
  throw new TypeError(`a stream of an answer carries strings and bytes, not a ${typeof chunk}`);
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}
