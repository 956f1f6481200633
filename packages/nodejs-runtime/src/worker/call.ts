import type { Request, Response } from 'express';
import type { Extensions } from '../api.js';
import { type Attributes, binaryAttributes } from './cloudevents.js';

/** One call of the function, and the `extensions` of its event. */
export class Call implements Extensions {
  readonly request: Request;
  readonly response: Response;
  readonly startedAt = performance.now();
  /** The heartbeat's `heldUpBefore` at the start: only what comes after it extends the deadline. */
  readonly heldUpAtStart: number;
  /** Its outcome is known and counted; whatever the function still does has no effect. */
  over = false;
  deadline: NodeJS.Timeout | undefined;
  readonly #attributes: Attributes | undefined;
  #abort: AbortController | undefined;

  constructor(
    request: Request,
    response: Response,
    attributes: Attributes | undefined,
    heldUpAtStart: number,
  ) {
    this.request = request;
    this.response = response;
    this.#attributes = attributes;
    this.heldUpAtStart = heldUpAtStart;
  }

  /** Made when it is first asked for: most functions never do, and it is costly. */
  get signal(): AbortSignal {
    if (!this.#abort) {
      this.#abort = new AbortController();
      this.response.once('close', () => this.abort('AbortError', 'the connection was closed'));
    }
    return this.#abort.signal;
  }

  get cloudevent(): Attributes | undefined {
    return this.#attributes ?? binaryAttributes(this.request.headers);
  }

  abort(name: 'AbortError' | 'TimeoutError', message: string): void {
    this.#abort?.abort(new DOMException(message, name));
  }
}
