// Runs by itself in a container, so it imports nothing but Node's own modules.
import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  request as openRequest,
  type ServerResponse,
} from 'node:http';
import { Transform } from 'node:stream';

/** The server that answers a function's calls now. */
export interface Upstream {
  revision: string;
  host: string;
  port: number;
}

/** What the front tells of itself. */
export interface FrontState {
  /** Null before there is a server. */
  revision: string | null;
  /** Calls that earlier servers still answer. */
  leaving: number;
  /** Revisions that were current before, whose servers may go. */
  left: string[];
}

const KEEP_ALIVE_MS = 75_000;
/** What functions take unless they are told to take more. */
const LARGE_BYTES = 2 ** 20;
const CONTINUE_MS = 1000;
/** What speaks of one connection and not of the message (RFC 9110, 7.6.1). */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'upgrade']);
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/**
 * Keeps a function's port while servers behind it come and go: each call goes to the server of its moment,
 * on a connection of its own, and ends there.
 */
export class Front {
  readonly server = createServer((call, answer) => this.forward(call, answer));
  private upstream: Upstream | undefined;
  private readonly calls = new Map<string, number>();
  private readonly left = new Set<string>();

  constructor(private readonly onState: (state: FrontState) => void) {
    this.server.keepAliveTimeout = KEEP_ALIVE_MS;
    this.server.requestTimeout = 0;
    this.server.on('checkContinue', (call, answer) => this.forward(call, answer));
  }

  /** All calls from now on go there. */
  turnTo(upstream: Upstream): void {
    if (this.upstream) this.left.add(this.upstream.revision);
    this.left.delete(upstream.revision);
    this.upstream = upstream;
    this.onState(this.state);
  }

  get state(): FrontState {
    const revision = this.upstream?.revision ?? null;
    const others = [...this.calls].filter(([one]) => one !== revision);
    const leaving = others.reduce((sum, [, count]) => sum + count, 0);
    return { revision, leaving, left: [...this.left] };
  }

  private forward(call: IncomingMessage, answer: ServerResponse): void {
    const { upstream } = this;
    if (!upstream) refuse(call, answer, 503, 'the function has not started yet');
    else {
      this.count(upstream.revision, 1);
      answer.on('close', () => this.count(upstream.revision, -1));
      send(upstream, call, answer);
    }
  }

  private count(revision: string, change: number): void {
    const count = (this.calls.get(revision) ?? 0) + change;
    if (count > 0) this.calls.set(revision, count);
    else this.calls.delete(revision);
    if (revision !== this.upstream?.revision) this.onState(this.state);
  }
}

function send({ host, port }: Upstream, call: IncomingMessage, answer: ServerResponse): void {
  const outgoing = openRequest({
    host,
    port,
    method: call.method,
    path: call.url,
    headers: requestHeaders(call),
    agent: false,
  });
  outgoing.on('response', (incoming) => passBack(incoming, answer));
  outgoing.on('error', () => {
    if (answer.headersSent) answer.destroy();
    else refuse(call, answer, 502, 'the function does not answer');
  });
  answer.on('close', () => outgoing.destroy());
  sendBody(call, outgoing, answer);
}

/**
 * A large body waits for the function's word, as curl's does: one that refuses it answers and closes, and what is
 * written to it then is an error that takes the answer with it.
 */
function sendBody(call: IncomingMessage, outgoing: ClientRequest, answer: ServerResponse): void {
  if (!waits(call)) return void call.pipe(outgoing);
  const go = () => {
    clearTimeout(patience);
    if (!outgoing.destroyed && !answer.headersSent) call.pipe(listening()).pipe(outgoing);
  };
  const patience = setTimeout(go, CONTINUE_MS);
  outgoing.once('response', () => clearTimeout(patience));
  outgoing.once('continue', () => {
    if (asksItself(call)) answer.writeContinue();
    go();
  });
}

/**
 * Lets each piece of a body wait for what the function says in the meantime: written on to one that has answered
 * and closed, it would be an error that takes the answer with it.
 */
function listening(): Transform {
  return new Transform({
    transform: (piece, _encoding, done) => setImmediate(() => done(null, piece)),
  });
}

function passBack(incoming: IncomingMessage, answer: ServerResponse): void {
  const headers = without(incoming.rawHeaders, 'transfer-encoding');
  answer.sendDate = false;
  answer.writeHead(incoming.statusCode ?? 502, incoming.statusMessage, headers);
  answer.flushHeaders();
  incoming.on('aborted', () => answer.destroy());
  incoming.pipe(answer);
}

function requestHeaders(call: IncomingMessage): string[] {
  const { headers, method = '' } = call;
  const hasLength = 'content-length' in headers || 'transfer-encoding' in headers;
  // Without one, Node would send a body of no chunks where there was none.
  const length = hasLength || !WITH_BODY.has(method) ? [] : ['content-length', '0'];
  const expect = waits(call) && !asksItself(call) ? ['expect', '100-continue'] : [];
  return [...without(call.rawHeaders), ...length, ...expect, 'connection', 'close'];
}

function waits(call: IncomingMessage): boolean {
  return asksItself(call) || Number(call.headers['content-length'] ?? 0) > LARGE_BYTES;
}

function asksItself({ headers }: IncomingMessage): boolean {
  return headers.expect?.toLowerCase() === '100-continue';
}

function without(raw: string[], ...names: string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const [name = '', value = ''] = raw.slice(index, index + 2);
    const lower = name.toLowerCase();
    if (!HOP_BY_HOP.has(lower) && !names.includes(lower)) kept.push(name, value);
  }
  return kept;
}

function refuse(call: IncomingMessage, answer: ServerResponse, status: number, text: string): void {
  call.resume();
  answer.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}
