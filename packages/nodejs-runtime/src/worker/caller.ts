import type { ServerResponse } from 'node:http';
import type { Request, Response } from 'express';
import type { Context, Handler } from '../api.js';
import type { LogError } from '../error-log.js';
import type { WatchdogData } from '../watchdog/cells.js';
import { answer } from './answer.js';
import { Call } from './call.js';
import { type CallContext, createCallContext } from './call-context.js';
import type { CallCounts, Outcome } from './call-counts.js';
import { CallExtensions } from './call-extensions.js';
import { Deadlines } from './deadlines.js';
import { createEvent, type Payload } from './event.js';
import { LinkedList } from './linked-list.js';
import { publicError, respondError, respondText } from './respond.js';

const CALL = Symbol('call');

/** A response, and the call that it answers. */
interface Answering extends ServerResponse {
  [CALL]?: Call;
}

export interface CallerOptions {
  context: Context;
  timeoutMs: number;
  counts: CallCounts;
  logError: LogError;
}

/** Calls the function and sees to it that every call ends once: answered, failed or timed out. */
export class Caller {
  readonly #options: CallerOptions;
  readonly #running = new LinkedList<Call>();
  readonly #callContext: CallContext<Call>;
  readonly #deadlines: Deadlines;
  #closing = false;
  #onIdle: (() => void) | undefined;

  constructor(options: CallerOptions) {
    this.#options = options;
    this.#callContext = createCallContext(this.#running);
    this.#deadlines = new Deadlines({
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

  /** See Deadlines. */
  watch(
    data: Pick<WatchdogData, 'reportFd' | 'logFormat'>,
    onLoss: (error: Error) => void,
  ): Promise<void> {
    return this.#deadlines.startWatchdog(data, onLoss);
  }

  call(handler: Handler, request: Request, response: Response, payload: Payload): void {
    if (this.#closing) response.setHeader('Connection', 'close');
    const extensions = new CallExtensions(request, response, payload.attributes);
    const counted = this.#options.counts.begin(request.method);
    const call = new Call(request, response, extensions, counted);
    this.#running.add(call);
    (response as Answering)[CALL] = call;
    this.#deadlines.begin(call);
    const event = createEvent(request, payload, extensions);
    // Whatever the function's code does later, also in what it returned, belongs to its call.
    this.#callContext.run(call, () => {
      try {
        const result = handler(event, { ...this.#options.context });
        if (isThenable(result)) {
          this.#deadlines.set(call);
          result.then(
            (value) => this.#answer(call, value),
            (error) => this.#fail(call, error),
          );
        } else this.#answer(call, result);
      } catch (error) {
        this.#fail(call, error);
      }
    });
  }

  /** To be told right before the last bytes of an answer leave: a worker may die right after. */
  noteAnswer(response: ServerResponse): void {
    const call = (response as Answering)[CALL];
    if (call && !call.over) call.count('answered');
  }

  /** From now on every answer closes its connection. */
  closeConnections(): void {
    this.#closing = true;
    for (const { response } of this.#running)
      if (!response.headersSent) response.setHeader('Connection', 'close');
  }

  /** Resolves when no call runs; a call may outlive its connection. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#onIdle = resolve;
      if (this.#running.size === 0) resolve();
    });
  }

  /** The process is about to end: what runs is answered with the error while there is time. */
  failAll(error: Error): void {
    for (const call of this.#running) this.#fail(call, error);
  }

  #answer(call: Call, value: unknown): void {
    if (call.over) return;
    if (this.#deadlines.isOverdue(call)) {
      this.#timeOut(call);
      return;
    }
    try {
      const sending = answer(call.response, value);
      if (!sending) {
        this.#end(call, 'answered');
        return;
      }
      this.#deadlines.set(call);
      sending.then(
        () => this.#end(call, 'answered'),
        (error) => this.#fail(call, error),
      );
    } catch (error) {
      this.#fail(call, error);
    }
  }

  /** The call is not over before it is answered: an error of the function may run code, and loop, too. */
  #fail(call: Call, error: unknown): void {
    const failure = publicError(error);
    if (call.over || failure.isInternal) this.#options.logError(error);
    if (call.over) return;
    if (this.#deadlines.isOverdue(call)) {
      this.#timeOut(call);
      return;
    }
    call.count('failed');
    respondError(call.response, failure);
    this.#end(call, 'failed');
  }

  #timeOut(call: Call): void {
    this.#end(call, 'timed-out');
    const [path] = call.url.split('?', 1);
    this.#options.logError(
      `runtime-kit: ${call.method} ${path} ran past FUNC_TIMEOUT=${this.#options.context.timeout} s`,
    );
    // The loop may have been ended inside the parser of this connection, which is of no use then.
    if (!call.response.headersSent) call.response.setHeader('Connection', 'close');
    respondText(call.response, 408, 'Request timeout exceeded');
    call.extensions.timeOut();
  }

  #end(call: Call, outcome: Outcome): void {
    if (call.over) return;
    call.over = true;
    call.count(outcome);
    this.#running.delete(call);
    this.#deadlines.end(call);
    if (this.#running.size === 0) this.#onIdle?.();
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === 'function';
}
