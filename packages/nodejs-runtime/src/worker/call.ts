import type { Request, Response } from 'express';
import type { CountedCall, Outcome } from './call-counts.js';
import type { CallExtensions } from './call-extensions.js';
import { now } from './clock.js';
import { Linked } from './linked-list.js';

/** One call of the function, as the server sees it. */
export class Call extends Linked {
  readonly response: Response;
  readonly extensions: CallExtensions;
  /** As received: a function may change what its request says. */
  readonly method: string;
  readonly url: string;
  readonly startedAt = now();
  readonly #counted: CountedCall;
  /** The hold-ups that were before it. */
  heldUpAtStart = 0;
  /** Milliseconds for which it held the thread up itself. */
  ownHoldUpMs = 0;
  /** Its outcome is known; whatever the function still does has no effect. */
  over = false;
  deadline: NodeJS.Timeout | undefined;

  constructor(
    request: Request,
    response: Response,
    extensions: CallExtensions,
    counted: CountedCall,
  ) {
    super();
    this.response = response;
    this.extensions = extensions;
    this.method = request.method;
    this.url = request.originalUrl;
    this.#counted = counted;
  }

  /** In the metrics. */
  count(outcome: Outcome): void {
    this.#counted.count(outcome, (now() - this.startedAt) / 1000);
  }
}
