import type { RequestListener } from 'node:http';
import cors from 'cors';
import express, {
  type ErrorRequestHandler,
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import type { Handler } from '../api.js';
import type { Config } from '../config.js';
import type { LogError } from '../error-log.js';
import type { MetricsPage } from '../messages.js';
import type { AccessLog } from './access-log.js';
import { admitUnread, hasBody, readBody } from './body.js';
import type { Caller } from './caller.js';
import { bodyKind } from './content-type.js';
import { decodeBody, NO_PAYLOAD } from './event.js';
import { type Messages, messagesOf } from './express-messages.js';
import { publicError, refuseBody, respondText } from './respond.js';

const USUAL_METHODS = ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'];

export interface AppParts {
  handler: Handler;
  caller: Caller;
  accessLog: AccessLog;
  logError: LogError;
  isDraining: () => boolean;
  metricsPage: () => Promise<MetricsPage>;
}

/** What a server of node:http calls for each request, and makes its requests and responses by. */
export interface App extends Messages {
  listener: RequestListener;
}

/** The Express application: probes first, then everything else is the function's. */
export function createApp(config: Config, parts: AppParts): App {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'extended'); // as it was in Kubeless, with Express 4
  const steps = [refuseOtherVersions, refuseSeveralHosts, answerProbes(parts)];
  if (config.corsOrigin !== undefined) steps.push(allowOrigin(config.corsOrigin));
  steps.push(parts.accessLog.handler(), callFunction(config, parts));
  app.use(inTurn(steps));
  app.use(refuse(parts.logError));
  parts.accessLog.countBytes(app);
  noteAnswers(app, parts.caller);
  // All that passes the function by is a target that is no URL, which Express cannot route.
  const listener: RequestListener = (request, response) =>
    (app as RequestHandler)(request as Request, response as Response, () =>
      respondText(response, 400, 'Bad Request'),
    );
  return { listener, ...messagesOf(app) };
}

/** Also of answers that a function makes with the response itself. */
function noteAnswers(app: Express, caller: Caller): void {
  const { end } = app.response;
  app.response.end = function (this: Response, ...args: Parameters<typeof end>) {
    caller.noteAnswer(this);
    return end.apply(this, args);
  } as typeof end;
}

/** Node's parser takes HTTP/0.9 and HTTP/2.0 on a connection that speaks HTTP/1. */
const refuseOtherVersions: RequestHandler = (request, response, next) => {
  if (request.httpVersionMajor === 1) next();
  else refuseBody(response, 505, 'HTTP Version Not Supported');
};

/** Node's parser sees to it that there is one, and keeps the first of several. */
const refuseSeveralHosts: RequestHandler = ({ rawHeaders }, response, next) => {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  if (hosts <= 1) next();
  else refuseBody(response, 400, 'Bad Request');
};

/** /healthz/ and /Healthz are the function's. */
function answerProbes({ isDraining, metricsPage }: AppParts): RequestHandler {
  const answers = new Map<string, (response: Response, next: NextFunction) => void>([
    [
      '/healthz',
      (response) =>
        isDraining() ? respondText(response, 503, 'Draining') : respondText(response, 200, 'OK'),
    ],
    [
      '/metrics',
      (response, next) => {
        metricsPage()
          .then(({ contentType, text }) => {
            response.setHeader('Content-Type', contentType);
            response.end(text);
          })
          .catch(next);
      },
    ],
  ]);
  return ({ path, method }, response, next) => {
    const answer = answers.get(path);
    if (answer === undefined) next();
    else if (method === 'GET' || method === 'HEAD') answer(response, next);
    else refuseBody(response, 405, 'Method Not Allowed', { Allow: 'GET, HEAD' });
  };
}

/** As one layer of Express: that its router passes a request on costs more than most of these do with it. */
function inTurn(steps: readonly RequestHandler[]): RequestHandler {
  return (request, response, next) => {
    let at = 0;
    const proceed = (error?: unknown): void => {
      if (error === undefined) steps[at++]?.(request, response, proceed);
      else next(error);
    };
    proceed();
  };
}

/** cors takes every OPTIONS for a preflight; one that asks for no method is the function's. */
function allowOrigin(origin: string): RequestHandler {
  const allow = cors({ origin });
  return (request, response, next) => {
    const asked = request.headers['access-control-request-method'];
    if (request.method !== 'OPTIONS') {
      allow(request, response, next);
    } else if (asked) {
      cors({ origin, methods: [...new Set([...USUAL_METHODS, asked])] })(request, response, next);
    } else {
      response.setHeader('Access-Control-Allow-Origin', origin);
      if (origin !== '*') response.vary('Origin');
      next();
    }
  };
}

function callFunction(config: Config, { handler, caller, accessLog }: AppParts): RequestHandler {
  return (request, response, next) => {
    if (!hasBody(request)) {
      caller.call(handler, request, response, NO_PAYLOAD);
    } else if (bodyKind(request.headers['content-type']) === 'multipart') {
      admitUnread(request, config.multipartLimitMiB)
        .then(() => caller.call(handler, request, response, NO_PAYLOAD))
        .catch(next);
    } else {
      readBody(request, config.bodyLimitMiB)
        .then((body) => {
          const payload = decodeBody(body, request.headers['content-type']);
          if (payload.attributes) accessLog.noteEventId(response, String(payload.attributes.id));
          setBody(request, body, payload.data);
          caller.call(handler, request, response, payload);
        })
        .catch(next);
    }
  };
}

/**
 * Where body parsers leave it, with the mark by which those that a function brings along see that it has been
 * read; and the bytes, which signatures are made of.
 */
function setBody(request: Request, bytes: Buffer, data: unknown): void {
  Object.assign(request, { body: data, rawBody: bytes, _body: true });
}

/** Requests that never became a call. Express knows an error handler by its four parameters. */
function refuse(logError: LogError): ErrorRequestHandler {
  return (error, request, response, _next) => {
    const { status, text } = publicError(error);
    if (status >= 500) logError(error);
    if (request.readableEnded) respondText(response, status, text);
    else refuseBody(response, status, text);
  };
}
