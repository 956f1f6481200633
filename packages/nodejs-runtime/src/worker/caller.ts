import type { Request, Response } from 'express';
import type { Context, Handler } from '../api.js';
import type { LogError } from '../error-log.js';
import { answer } from './answer.js';
import { Call } from './call.js';
import { type CallContext, createCallContext } from './call-context.js';
import type { CallCounts, Outcome } from './call-counts.js';
import { Deadlines } from './deadlines.js';
import { createEvent, type Payload } from './event.js';
import { publicError, respondText } from './respond.js';

export interface CallerOptions {
  context: Context;
  timeoutMs: number;
  counts: CallCounts;
  logError: LogError;
}

/** Calls the function and sees to it that every call ends once: answered, failed or timed out. */
export class Caller {
  readonly deadlines: Deadlines;
  readonly #options: CallerOptions;
  readonly #running = new Set<Call>();
  readonly #callContext: CallContext<Call>;
  #closing = false;

  constructor(options: CallerOptions) {
    this.#options = options;
    this.#callContext = createCallContext(this.#running);
    this.deadlines = new Deadlines({
      timeoutMs: options.timeoutMs,
      running: this.#running,
      current: () => this.#callContext.current(),
      onOverdue: (call) => this.#timeOut(call),
      onOverdueBackground: () =>
        options.logError(
          `runtime-kit: work outside a call held the server up for FUNC_TIMEOUT=${options.context.timeout} s and was stopped`,
        ),
    });
  }

  call(handler: Handler, request: Request, response: Response, payload: Payload): void {
    const { context, counts } = this.#options;
    if (this.#closing) response.setHeader('Connection', 'close');
    const call = new Call(request, response, payload.attributes, this.deadlines.begin());
    const event = createEvent(request, payload, call);
    this.#running.add(call);
    counts.begin(request.method);
    try {
      const result = this.#callContext.run(call, () => handler(event, { ...context }));
      if (isThenable(result)) {
        this.deadlines.set(call);
        result.then(
          (value) => this.#answer(call, value),
          (error) => this.#fail(call, error),
        );
      } else this.#answer(call, result);
    } catch (error) {
      this.#fail(call, error);
    }
  }

  /** From now on every answer closes its connection. */
  closeConnections(): void {
    this.#closing = true;
    for (const { response } of this.#running)
      if (!response.headersSent) response.setHeader('Connection', 'close');
  }

  /** The process is about to end: what runs gets its 500 while there is time. */
  failAll(error: Error): void {
    for (const call of [...this.#running]) this.#fail(call, error);
  }

  #answer(call: Call, value: unknown): void {
    if (call.over) return;
    try {
      const sending = answer(call.response, value);
      if (!sending) {
        this.#end(call, 'answered');
        return;
      }
      this.deadlines.set(call);
      sending.then(
        () => this.#end(call, 'answered'),
        (error) => this.#fail(call, error),
      );
    } catch (error) {
      this.#fail(call, error);
    }
  }

  #fail(call: Call, error: unknown): void {
    if (call.over) {
      this.#options.logError(error);
      return;
    }
    this.#end(call, 'failed');
    const { status, text, headers } = publicError(error);
    if (status >= 500) this.#options.logError(error);
    if (!call.response.headersSent) {
      for (const name of call.response.getHeaderNames())
        if (/^content-/i.test(name)) call.response.removeHeader(name);
      for (const [name, value] of Object.entries(headers)) call.response.setHeader(name, value);
    }
    respondText(call.response, status, text);
  }

  #timeOut(call: Call): void {
    if (call.over) return;
    this.#end(call, 'timed-out');
    const { method, path } = call.request;
    this.#options.logError(
      `runtime-kit: ${method} ${path} ran past FUNC_TIMEOUT=${this.#options.context.timeout} s`,
    );
    call.abort('TimeoutError', 'the call ran past FUNC_TIMEOUT');
    // The loop may have been ended inside the parser of this connection, which is of no use then.
    if (!call.response.headersSent) call.response.setHeader('Connection', 'close');
    respondText(call.response, 408, 'Request timeout exceeded');
  }

  #end(call: Call, outcome: Outcome): void {
    if (!this.#close(call)) return;
    const seconds = (performance.now() - call.startedAt) / 1000;
    this.#options.counts.end(call.request.method, seconds, outcome);
  }

  #close(call: Call): boolean {
    if (call.over) return false;
    call.over = true;
    this.#running.delete(call);
    if (call.deadline) clearTimeout(call.deadline);
    return true;
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === 'function';
}
