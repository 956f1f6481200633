import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { folderOf } from './support.js';

/** The socket of the local engine. */
export const ENGINE = (process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock').replace(
  'unix://',
  '',
);

export interface WayToEngine {
  /** Its DOCKER_HOST. */
  env: Record<string, string>;
  /** Bytes that went to the engine. */
  sent: () => number;
  cut: () => void;
}

/** A way to the engine that can be cut, as when it is stopped. */
export async function wayToEngine(): Promise<WayToEngine> {
  const path = join(await folderOf({}), 'docker.sock');
  const sockets = new Set<Socket>();
  let bytes = 0;
  const server = createServer((socket) => {
    const onward = connect(ENGINE);
    for (const one of [socket, onward]) sockets.add(one.on('error', () => {}));
    socket.on('data', ({ length }) => {
      bytes += length;
    });
    socket.pipe(onward).pipe(socket);
  });
  await once(server.listen(path), 'listening');
  const cut = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(cut);
  return { env: { DOCKER_HOST: `unix://${path}` }, sent: () => bytes, cut };
}
