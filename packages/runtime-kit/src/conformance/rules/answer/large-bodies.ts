import type { Server } from '../../targets/target.js';

const PIECE = 64 * 1024;
const ANSWER_WITHIN_MS = 5000;
/** What a server has to refuse a body by its head, which says its length, or not. */
const REFUSED_WITHIN_MS = { sized: 2000, chunked: 200 };

export interface LargeBody {
  size: number;
  chunked: boolean;
  type?: string;
  path?: string;
  /** Keeps the last chunk back, so that the body never ends. */
  endless?: boolean;
}

/**
 * Sends a body of `size` bytes piece by piece and stops where the server answers: an HTTP client
 * would fail on the closed connection and lose the answer.
 */
export async function sendBody(
  server: Server,
  { size, chunked, type = 'text/plain', path = '/hello', endless = false }: LargeBody,
): Promise<{ status: number | undefined; text: string }> {
  const socket = await server.raw();
  try {
    const length = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${size}`;
    const head = [`POST ${path} HTTP/1.1`, 'Host: x', `Content-Type: ${type}`, length];
    await socket.write(`${[...head, 'Connection: close'].join('\r\n')}\r\n\r\n`);
    // Most servers refuse by the head alone; what comes later may cost the client the answer.
    const headMs = chunked ? REFUSED_WITHIN_MS.chunked : REFUSED_WITHIN_MS.sized;
    await socket.wait(headMs, ({ status }) => status !== undefined);
    for (let sent = 0; sent < size && !socket.received().closed; sent += PIECE) {
      if (socket.received().status !== undefined) break;
      const piece = 'x'.repeat(Math.min(PIECE, size - sent));
      await socket.write(chunked ? `${piece.length.toString(16)}\r\n${piece}\r\n` : piece);
    }
    await socket.wait(200, ({ status }) => status !== undefined);
    if (chunked && !endless && !socket.received().closed) await socket.write('0\r\n\r\n');
    const isWhole = ({ closed, text }: { closed: boolean; text: string }): boolean =>
      closed || /\r\n\r\n./s.test(text);
    const { status, text } = await socket.wait(ANSWER_WITHIN_MS, isWhole);
    return { status, text };
  } finally {
    socket.close();
  }
}
