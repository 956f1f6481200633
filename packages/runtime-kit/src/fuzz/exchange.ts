import { RawSocket } from '../conformance/testing/socket.js';
import { type Answers, readAnswers } from './answers.js';
import type { Input } from './input.js';

/** What came back for an input. */
export interface Exchange extends Answers {
  /** The server closed the connection. */
  closed: boolean;
  /** Neither an answer nor an end of the connection in time. */
  hung: boolean;
  /** There was no connection at all. */
  refused: boolean;
}

/** Where a request has no end, its client says after this time that nothing more will come. */
const PATIENCE_MS = 250;
const ANSWER_WITHIN_MS = 10_000;
/** Answers to what stands behind the first request come at once, if at all. */
const MORE_WITHIN_MS = 50;

/** Sends an input on a connection of its own and takes what comes. */
export async function exchange(host: string, port: number, input: Input): Promise<Exchange> {
  const socket = await RawSocket.open(host, port).catch(() => undefined);
  if (!socket) return { answers: [], garbage: '', closed: true, hung: false, refused: true };
  try {
    return await talk(socket, input);
  } finally {
    socket.close();
  }
}

async function talk(socket: RawSocket, { bytes, complete }: Input): Promise<Exchange> {
  // A server that refuses by the head alone need not read the rest: writing is not waited for.
  const sent = socket.write(bytes);
  const isDone = ({ closed, text }: { closed: boolean; text: string }): boolean =>
    closed || readAnswers(text).answers[0]?.incomplete === false;
  let received = await socket.wait(complete ? ANSWER_WITHIN_MS : PATIENCE_MS, isDone);
  if (!complete && !isDone(received)) {
    await Promise.race([sent, socket.wait(ANSWER_WITHIN_MS, isDone)]);
    socket.end();
    received = await socket.wait(ANSWER_WITHIN_MS, isDone);
  }
  const hung = !isDone(received);
  if (!hung && !received.closed) received = await socket.wait(MORE_WITHIN_MS, (now) => now.closed);
  return { ...readAnswers(received.text), closed: received.closed, hung, refused: false };
}
