import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { folderOf } from './support.js';

const ENGINE = (process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock').replace('unix://', '');

/** A way to the engine that can be cut, as when it is stopped: its DOCKER_HOST, and the scissors. */
export async function wayToEngine(): Promise<{ env: Record<string, string>; cut: () => void }> {
  const path = join(await folderOf({}), 'docker.sock');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const onward = connect(ENGINE);
    for (const one of [socket, onward]) sockets.add(one.on('error', () => {}));
    socket.pipe(onward).pipe(socket);
  });
  await once(server.listen(path), 'listening');
  const cut = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(cut);
  return { env: { DOCKER_HOST: `unix://${path}` }, cut };
}
