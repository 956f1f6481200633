import { sendAnswer, sendError } from './answer.js';
import { readBody } from './body.js';
import { broken } from './broken.js';
import { handleCors } from './cors.js';
import { eventOf } from './event.js';
import { HttpError } from './http-error.js';
import { logError } from './log.js';
import { observe } from './observe.js';
import { reportEnd, reportStart } from './primary-link.js';
import { spoilOwnAnswer, spoilRequest } from './spoil.js';
import { runWithin, TimedOut } from './timeout.js';

/** Every request comes here. */
export async function handleRequest(server, request, response) {
  const { config, state } = server;
  const path = request.url.split('?')[0];
  if (state.closing && !broken('no-connection-close')) response.setHeader('Connection', 'close');
  if (request.httpVersionMajor !== 1) return refuseVersion(response);
  if (hasSeveralHosts(request) && !broken('two-hosts-taken')) return refuseHosts(response);
  if (isProbe(path)) return answerHealth(server, request, response);
  if (path === '/metrics') return answerMetrics(server, request, response);
  if (broken('preflights-logged')) observe(config, request, response);
  if (handleCors(config, request, response)) return countPreflight(request);
  if (!broken('preflights-logged')) observe(config, request, response);
  if (broken('patch-refused') && request.method === 'PATCH') return response.writeHead(405).end();
  return callFunction(server, request, response);
}

/** Node's parser takes HTTP/0.9 and HTTP/2.0, too. */
function refuseVersion(response) {
  response.writeHead(505, { Connection: 'close' }).end();
}

/** Node keeps the first Host of several. */
function hasSeveralHosts({ rawHeaders }) {
  return rawHeaders.filter((name, at) => at % 2 === 0 && /^host$/i.test(name)).length > 1;
}

function refuseHosts(response) {
  response.writeHead(400, { Connection: 'close' }).end();
}

/** True where the method of a page of the server's own was refused. */
function refuseMethod({ method }, response) {
  if (method === 'GET' || method === 'HEAD') return false;
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', Allow: 'GET, HEAD' };
  response.writeHead(405, headers).end('Method Not Allowed');
  return true;
}

function isProbe(path) {
  if (broken('probe-takes-prefix')) return path.startsWith('/healthz');
  return (broken('probe-in-any-case') ? path.toLowerCase() : path) === '/healthz';
}

async function answerHealth({ config, state: { draining } }, request, response) {
  if (broken('probes-logged')) observe(config, request, response);
  if (broken('probes-counted')) await reportEnd(reportStart(request.method), {});
  if (!broken('health-takes-any-method') && refuseMethod(request, response)) return;
  const ready = !draining || broken('healthy-while-draining');
  response.writeHead(ready ? 200 : 503, { 'Content-Type': 'text/plain; charset=utf-8' });
  if (ready) response.end(broken('health-says-more') ? 'OK\n' : 'OK');
  else response.end('Draining');
}

async function answerMetrics({ metricsPage }, request, response) {
  if (!broken('metrics-take-any-method') && refuseMethod(request, response)) return;
  const type = broken('metrics-as-html') ? 'text/html' : 'text/plain; version=0.0.4; charset=utf-8';
  response.writeHead(200, { 'Content-Type': type });
  response.end(await metricsPage());
}

function countPreflight({ method }) {
  return broken('preflights-counted') ? reportEnd(reportStart(method), {}) : undefined;
}

async function callFunction({ config, handler }, request, response) {
  const stop = new AbortController();
  spoilRequest(request);
  let event;
  try {
    event = eventOf(request, response, await readBody(request, config), stop.signal);
  } catch (error) {
    if (error instanceof HttpError && broken('bad-requests-counted'))
      await reportEnd(reportStart(request.method), { failed: true });
    if (broken('large-body-reaches-function') && error.status === 413)
      handler({ extensions: { request, response } }, contextOf(config));
    return refuse(config, request, response, error);
  }
  const id = reportStart(request.method);
  const unspoil = spoilOwnAnswer(response);
  const run = () => handler(event, contextOf(config));
  if (broken('timeout-breaks-neighbours')) breakNeighbours(config.timeout, response);
  runWithin(config.timeout, stop, run, (outcome) => {
    unspoil();
    return answer(config, response, id, outcome);
  });
  return undefined;
}

const running = new Map();

/** At its deadline, takes along every call that still had time. */
function breakNeighbours(timeout, response) {
  running.set(response, Date.now());
  const timer = setTimeout(() => {
    for (const [other, since] of running)
      if (Date.now() - since < timeout * 1000 - 50) other.destroy();
  }, timeout * 1000);
  response.on('close', () => {
    running.delete(response);
    clearTimeout(timer);
  });
}

/** Counts the call, then answers: who has the answer sees it in the metrics. */
async function answer({ logFormat }, response, id, { value, error, later }) {
  if (error) return answerError(logFormat, response, id, error, later);
  const report = () => reportEnd(id, { failed: false, timedOut: false });
  if (value === response || response.writableEnded) return report();
  return sendAnswer(response, value, report).catch((failure) =>
    answerError(logFormat, response, id, failure),
  );
}

async function answerError(logFormat, response, id, error, later) {
  const timedOut = error instanceof TimedOut;
  const hasStatus = Number.isInteger(error?.status);
  const failed = !(hasStatus && broken('status-errors-are-no-failures'));
  await reportEnd(id, { failed, timedOut });
  if (!timedOut && !broken('error-not-logged')) logError(logFormat, error);
  if (broken('rejection-leaks') && later) return response.writeHead(500).end(error.message);
  return sendError(response, error, later);
}

function contextOf({ handler, timeout, runtime, memoryLimit }) {
  return {
    'function-name': broken('context-of-deployment') ? process.env.KUBELESS_FUNC_NAME : handler,
    timeout: broken('context-timeout-wrong') ? 180 : timeout,
    runtime,
    'memory-limit': memoryLimit,
  };
}

/** A bad request: answered without the function; what is left of its body is not read. */
function refuse({ logFormat }, request, response, error) {
  if (!(error instanceof HttpError)) {
    if (response.destroyed) return;
    logError(logFormat, error);
  }
  if (!request.complete) response.setHeader('Connection', 'close');
  sendError(response, error);
}
