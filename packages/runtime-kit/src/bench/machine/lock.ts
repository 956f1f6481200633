import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { RuntimeKitError } from '../../errors.js';

/**
 * The port that a run holds. The system frees it however the process ends, so there is no lock to
 * clear away by hand, and whoever finds it taken can ask the holder who it is.
 */
const PORT = 29_713;
const GREETING = 'runtime-kit bench';
const ASK_AGAIN_MS = 2000;

export interface Lock {
  release(): void;
}

export interface LockOptions {
  /** What the next one is told of this run. */
  describe: () => string;
  /** Wait for the other run to end, instead of failing. */
  wait: boolean;
  onWait?: (holder: string) => void;
  signal?: AbortSignal;
  port?: number;
}

/**
 * Makes sure that no other benchmark runs on this machine: they would measure each other.
 *
 * @throws RuntimeKitError BENCH_BUSY with what the other run says of itself.
 */
export async function takeLock(options: LockOptions): Promise<Lock> {
  const { describe, wait, onWait, signal, port = PORT } = options;
  for (let first = true; ; first = false) {
    signal?.throwIfAborted();
    const server = await listen(describe, port);
    if (server) return { release: () => server.close() };
    const holder = await askHolder(port);
    if (!wait)
      throw new RuntimeKitError('BENCH_BUSY', `another benchmark runs on this machine: ${holder}`, {
        hint: 'two at once would measure each other; wait for it with --wait',
      });
    if (first) onWait?.(holder);
    await sleep(ASK_AGAIN_MS, undefined, signal ? { signal } : {});
  }
}

async function listen(describe: () => string, port: number): Promise<Server | undefined> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(`${GREETING}, ${describe()}`);
  });
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.unref();
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
}

async function askHolder(port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', timeout: 2000 });
  socket.on('timeout', () => socket.destroy());
  try {
    const answer = await text(socket);
    if (answer.startsWith(GREETING)) return answer;
  } catch {
    // It ended just now, or it is none of ours.
  }
  return `a program that is not ours holds port ${port} of the loopback address`;
}
