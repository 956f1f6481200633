import { Client, type Dispatcher } from 'undici';
import type { Server } from '../targets/target.js';
import { objectOf } from './expect.js';
import { fetchWith } from './http.js';

/** Enough that each of two workers gets some. */
const CONNECTIONS = 16;

/**
 * Kept connections by the process that answered on them, the process with most of them first. Where a
 * worker keeps the connections it accepted, later requests on them come to the same process.
 */
export async function withConnections<Result>(
  server: Server,
  use: (byProcess: Dispatcher[][]) => Promise<Result>,
): Promise<Result> {
  const origin = `http://${server.host}:${server.port}`;
  const clients = Array.from({ length: CONNECTIONS }, () => new Client(origin));
  try {
    return await use(await byProcess(clients));
  } finally {
    await Promise.all(clients.map((client) => client.destroy()));
  }
}

/** The fixture's `/loads` says which process answers. */
async function byProcess(clients: Client[]): Promise<Client[][]> {
  const groups = new Map<unknown, Client[]>();
  await Promise.all(
    clients.map(async (client) => {
      const { pid } = objectOf(await fetchWith(client, '/loads'));
      groups.set(pid, [...(groups.get(pid) ?? []), client]);
    }),
  );
  return [...groups.values()].sort((a, b) => b.length - a.length);
}
