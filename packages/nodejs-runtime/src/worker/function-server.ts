import { createServer, type Server } from 'node:http';
import { Server as Acceptor, type Socket } from 'node:net';
import type { Config } from '../config.js';
import type { App } from './app.js';
import { isTooLarge } from './body.js';
import { setInterval, setTimeout } from './clock.js';

const CLOSE_IDLE_EVERY_MS = 100;

/** The HTTP server of a worker, on the socket that all workers share. */
export class FunctionServer {
  readonly #server: Server;
  readonly #connections = new Set<Socket>();

  constructor(
    { listener, ...messages }: App,
    limits: Pick<Config, 'bodyLimitMiB' | 'multipartLimitMiB'>,
  ) {
    this.#server = createServer(
      {
        keepAliveTimeout: 75_000, // above the usual 60 s of the balancers before it
        headersTimeout: 10_000,
        connectionsCheckingInterval: 1000,
        ...messages,
      },
      listener,
    );
    this.#server.on('checkContinue', (request, response) => {
      if (!isTooLarge(request, limits)) response.writeContinue();
      listener(request, response);
    });
    this.#server.on('connection', (socket) => {
      this.#connections.add(socket);
      socket.once('close', () => this.#connections.delete(socket));
    });
  }

  /** @throws the system's error, such as that the port is in use */
  listen(socket: unknown): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(socket, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
  }

  /**
   * Accepts no more.
   *
   * @param noticeMs for which idle connections stay, for their clients to send one more request and to learn
   *   from its answer that they are closed: a request that meets a closing connection gets no answer
   * @returns when the last connection is closed
   */
  stop(noticeMs: number): Promise<void> {
    return new Promise((resolve) => {
      Acceptor.prototype.close.call(this.#server, () => resolve()); // that of HTTP closes what is idle
      setTimeout(() => {
        this.#closeIdle();
        setInterval(() => this.#closeIdle(), CLOSE_IDLE_EVERY_MS).unref();
      }, noticeMs).unref();
    });
  }

  /** Those that have become idle since, and those that never sent anything, which Node takes for busy. */
  #closeIdle(): void {
    this.#server.closeIdleConnections();
    for (const socket of this.#connections) if (socket.bytesRead === 0) socket.destroy();
  }
}
