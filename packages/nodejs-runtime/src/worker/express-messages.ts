import { IncomingMessage, ServerResponse } from 'node:http';
import type { Express } from 'express';

/** Classes for the options of node:http's server. */
export interface Messages {
  IncomingMessage: typeof IncomingMessage;
  ServerResponse: typeof ServerResponse;
}

/**
 * What a server of node:http makes its requests and responses by, so that they are the application's from the
 * start. Otherwise Express sets the prototype of each, and V8 has to find out anew what such objects are like:
 * a tenth of the time of a small call.
 */
export function messagesOf(app: Express): Messages {
  return {
    IncomingMessage: madeAs(IncomingMessage, app.request),
    ServerResponse: madeAs(ServerResponse, app.response),
  };
}

function madeAs<Base extends new (...args: never[]) => object>(
  base: Base,
  prototype: object,
): Base {
  function Made(...args: unknown[]): object {
    return Reflect.construct(base, args, Made);
  }
  Made.prototype = prototype;
  return Made as unknown as Base;
}
