import type { Request, Response } from 'express';
import type { Extensions } from '../api.js';
import { type Attributes, binaryAttributes } from './cloudevents.js';

/** The `extensions` of a call's event. */
export class CallExtensions implements Extensions {
  readonly request: Request;
  readonly response: Response;
  readonly #attributes: Attributes | undefined;
  readonly #connection: Response;
  #abort: AbortController | undefined;
  #timedOut = false;

  constructor(request: Request, response: Response, attributes: Attributes | undefined) {
    this.request = request;
    this.response = response;
    this.#connection = response;
    this.#attributes = attributes;
  }

  /** Made when it is first asked for: most functions never do, and it is costly. */
  get signal(): AbortSignal {
    this.#abort ??= this.#createAbort();
    return this.#abort.signal;
  }

  get cloudevent(): Attributes | undefined {
    return this.#attributes ?? binaryAttributes(this.request.headers);
  }

  /** Runs listeners of the function. */
  timeOut(): void {
    this.#timedOut = true;
    this.#abort?.abort(timeoutError());
  }

  #createAbort(): AbortController {
    const abort = new AbortController();
    const response = this.#connection;
    const leave = () => {
      // A response that is complete closes, too.
      if (!response.writableFinished)
        abort.abort(new DOMException('the connection was closed', 'AbortError'));
    };
    if (this.#timedOut) abort.abort(timeoutError());
    else if (response.closed) leave();
    else response.once('close', leave);
    return abort;
  }
}

function timeoutError(): DOMException {
  return new DOMException('the call ran past FUNC_TIMEOUT', 'TimeoutError');
}
