import cors from 'cors';
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
} from 'express';
import type { Handler } from '../api.js';
import type { Config } from '../config.js';
import type { LogError } from '../error-log.js';
import type { MetricsPage } from '../messages.js';
import { accessLog } from './access-log.js';
import { admitUnread, hasBody, readBody } from './body.js';
import type { Caller } from './caller.js';
import { bodyKind } from './content-type.js';
import { decodeBody, NO_PAYLOAD } from './event.js';
import type { LineBatch } from './line-batch.js';
import { publicError, refuseBody, respondText } from './respond.js';

export interface AppParts {
  handler: Handler;
  caller: Caller;
  accessLines: LineBatch;
  logError: LogError;
  isDraining: () => boolean;
  metricsPage: () => Promise<MetricsPage>;
}

/** The Express application: probes first, then everything else is the function's. */
export function createApp(config: Config, parts: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.enable('case sensitive routing');
  app.enable('strict routing'); // /healthz/ and /Healthz are the function's
  app.all('/healthz', health(parts.isDraining));
  app.all('/metrics', metrics(parts.metricsPage));
  if (config.corsOrigin !== undefined) app.use(allowOrigin(config.corsOrigin));
  app.use(accessLog(config.logFormat, parts.accessLines));
  app.use(callFunction(config, parts));
  app.use(refuse(parts.logError));
  return app;
}

function health(isDraining: () => boolean): RequestHandler {
  return (_request, response) =>
    isDraining() ? respondText(response, 503, 'Draining') : respondText(response, 200, 'OK');
}

function metrics(page: () => Promise<MetricsPage>): RequestHandler {
  return async (_request, response) => {
    const { contentType, text } = await page();
    response.setHeader('Content-Type', contentType);
    response.end(text);
  };
}

/** cors takes every OPTIONS for a preflight; one that asks for no method is the function's. */
function allowOrigin(origin: string): RequestHandler {
  const allow = cors({ origin, methods: 'GET,HEAD,PUT,PATCH,POST,DELETE' });
  return (request, response, next) => {
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method']) {
      allow(request, response, next);
      return;
    }
    response.setHeader('Access-Control-Allow-Origin', origin);
    if (origin !== '*') response.vary('Origin');
    next();
  };
}

function callFunction(config: Config, { handler, caller }: AppParts): RequestHandler {
  return (request, response, next) => {
    if (!hasBody(request)) {
      caller.call(handler, request, response, NO_PAYLOAD);
    } else if (bodyKind(request.headers['content-type']) === 'multipart') {
      admitUnread(request, config.multipartLimitMiB)
        .then(() => caller.call(handler, request, response, NO_PAYLOAD))
        .catch(next);
    } else {
      readBody(request, config.bodyLimitMiB)
        .then((body) => decodeBody(body, request.headers['content-type']))
        .then((payload) => {
          setBody(request, payload.data);
          caller.call(handler, request, response, payload);
        })
        .catch(next);
    }
  };
}

/** Where Express's own body parsers would have left it. */
function setBody(request: Request, data: unknown): void {
  request.body = data;
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
