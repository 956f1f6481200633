import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { contextFlags } from '../src/async-context.js';
import { STDOUT_FD } from '../src/messages.js';
import { CountsFile } from '../src/supervisor/counts-file.js';
import { bindSocket } from '../src/supervisor/listening-socket.js';
import { threadOptions } from '../src/v8-threads.js';

export interface StartedWorker {
  child: ChildProcess;
  port: number;
  counts: CountsFile;
  /** What it wrote on the stdout that is its own. */
  lines: () => string;
}

interface SocketHandle {
  getsockname: (into: Partial<AddressInfo>) => void;
  close: () => void;
}

/** A worker that listens, started as the supervisor does it. */
export async function startWorker(
  programs: string,
  env: Record<string, string>,
): Promise<StartedWorker> {
  const counts = new CountsFile();
  const child = fork(path.join(programs, 'worker.js'), [], {
    env: { ...process.env, MOD_NAME: 'function', FUNC_HANDLER: 'handler', ...env },
    execArgv: [...contextFlags, ...threadOptions(1, 1, [])],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc', 'pipe', counts.fd, 'pipe', 2],
  });
  let lines = '';
  const stdout = (child.stdio as unknown[])[STDOUT_FD] as Readable;
  stdout.on('data', (text) => {
    lines += text;
  });
  await once(child, 'message'); // it is loaded
  const socket = bindSocket(0) as unknown as Parameters<ChildProcess['send']>[1] & SocketHandle;
  const address: Partial<AddressInfo> = {};
  socket.getsockname(address);
  child.send({ 'runtime-kit': { type: 'listen' } }, socket, () => socket.close());
  await once(child, 'message'); // it listens
  return { child, port: Number(address.port), counts, lines: () => lines };
}
