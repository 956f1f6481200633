import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a server sent on a bare connection, and whether it closed it. */
export interface Received {
  text: string;
  closed: boolean;
  /** Status of the first answer; undefined where no answer came. */
  status: number | undefined;
}

/** A TCP connection that sends any bytes. Errors of the peer count as closing. */
export class RawSocket {
  private readonly chunks: Buffer[] = [];
  private closed = false;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk) => this.chunks.push(chunk));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
    });
    socket.on('end', () => {
      this.closed = true;
    });
  }

  static async open(host: string, port: number): Promise<RawSocket> {
    const socket = connect({ host, port });
    socket.setNoDelay(true);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new RawSocket(socket);
  }

  /** Bytes that can no longer be sent are dropped: the peer has closed. */
  async write(data: string | Uint8Array): Promise<void> {
    await new Promise<void>((resolve) => {
      this.socket.write(typeof data === 'string' ? Buffer.from(data, 'latin1') : data, () =>
        resolve(),
      );
    });
  }

  /** Sends no more; what the peer still has to say arrives. */
  end(): void {
    this.socket.end();
  }

  received(): Received {
    const text = Buffer.concat(this.chunks).toString('latin1');
    const status = /^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1];
    return { text, closed: this.closed, status: status === undefined ? undefined : Number(status) };
  }

  /** Waits until `done` of what was received holds, or the time is over. */
  async wait(withinMs: number, done: (received: Received) => boolean): Promise<Received> {
    const end = Date.now() + withinMs;
    while (!done(this.received()) && Date.now() < end) await sleep(10);
    return this.received();
  }

  /** Waits for an answer or for the end of the connection. */
  answered(withinMs: number): Promise<Received> {
    return this.wait(withinMs, ({ closed, text }) => closed || text.includes('\r\n\r\n'));
  }

  close(): void {
    this.socket.destroy();
  }
}
