import {
  createServer,
  request as httpRequest,
  type RequestListener,
  type ServerOptions,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

export interface Question {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Sends the body without saying how long it is. */
  chunked?: boolean;
}

export interface Ask {
  (question?: Question): Promise<Answer>;
  /** Where it is served, for other clients. */
  port: number;
}

/** Serves on a free port until the test ends; returns what asks the server. */
export async function serve(listener: RequestListener, options: ServerOptions = {}): Promise<Ask> {
  const server = createServer(options, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign((question: Question = {}) => ask(port, question), { port });
}

/** Unlike fetch, this changes no path, sets no header and shows an answer that breaks off. */
export function ask(
  port: number,
  { method, path, headers, body, chunked }: Question,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port,
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        path: path ?? '/',
        headers,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    request.on('error', reject);
    if (chunked) request.flushHeaders();
    request.end(body);
  });
}
