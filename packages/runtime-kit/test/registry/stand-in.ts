import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { type Credentials, RegistryClient, type RetryOptions } from '../../src/registry/index.js';

export interface Seen {
  method: string;
  url: string;
  authorization: string | undefined;
  body: string;
}

export type Answer = (seen: Seen, response: ServerResponse) => void;

/**
 * A server on a loopback address for what a real registry does not do on demand: it gives the answers in
 * turn, the last of them again and again. The first question of a client, which finds out about TLS, is
 * none of them.
 */
export async function standIn(...answers: Answer[]) {
  const seen: Seen[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    const { method = '', url = '', headers } = request;
    const one = { method, url, authorization: headers.authorization, body: await text(request) };
    seen.push(one);
    const answer = answers[Math.min(seen.length, answers.length) - 1];
    answer?.(one, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = (credentials: Credentials = {}, retry: RetryOptions = {}) =>
    new RegistryClient(host, {
      credentials,
      bundle: undefined,
      retry: { firstWaitMs: 1, ...retry },
    });
  return { host, seen, client };
}

/** An answer with a status, headers and a body. */
export function says(status: number, headers: Record<string, string> = {}, body = ''): Answer {
  return (_, response) => response.writeHead(status, headers).end(body);
}

/** The connection breaks off. */
export const breaksOff: Answer = (_, response) => response.destroy();
