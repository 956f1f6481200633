import { sendAnswer, sendError } from './answer.js';
import { readBody } from './body.js';
import { broken } from './broken.js';
import { handleCors } from './cors.js';
import { eventOf } from './event.js';
import { HttpError } from './http-error.js';
import { logAccess, logError } from './log.js';
import { reportEnd, reportStart } from './primary-link.js';
import { runWithin, TimedOut } from './timeout.js';

/** Every request comes here. */
export async function handleRequest(server, request, response) {
  const { config, state } = server;
  const path = request.url.split('?')[0];
  if (state.closing && !broken('no-connection-close')) response.setHeader('Connection', 'close');
  if (path === '/healthz') return answerHealth(state, response);
  if (path === '/metrics') return answerMetrics(server, response);
  observe(config, request, response);
  if (handleCors(config, request, response)) return undefined;
  return callFunction(server, request, response);
}

function answerHealth({ draining }, response) {
  const ready = !draining || broken('healthy-while-draining');
  response.writeHead(ready ? 200 : 503, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(ready ? 'OK' : 'Draining');
}

async function answerMetrics({ metricsPage }, response) {
  response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' });
  response.end(await metricsPage());
}

/** Logs the request when its answer is out. */
function observe({ logFormat }, request, response) {
  const at = new Date();
  const started = performance.now();
  let bytes = 0;
  const count = (chunk) => {
    if (chunk && request.method !== 'HEAD') bytes += Buffer.byteLength(chunk);
  };
  const { write, end } = response;
  response.write = (chunk, ...rest) => {
    count(chunk);
    return write.call(response, chunk, ...rest);
  };
  response.end = (chunk, ...rest) => {
    count(chunk);
    return end.call(response, chunk, ...rest);
  };
  response.on('close', () => {
    const { headers, method, url, socket } = request;
    logAccess(logFormat, {
      at,
      method,
      url,
      bytes,
      remote: socket.remoteAddress,
      status: response.statusCode,
      durationMs: Math.round((performance.now() - started) * 1000) / 1000,
      referer: headers.referer,
      agent: headers['user-agent'],
      eventId: headers['event-id'] ?? headers['ce-id'],
      traceparent: headers.traceparent,
    });
  });
}

async function callFunction({ config, handler }, request, response) {
  const stop = new AbortController();
  let event;
  try {
    event = eventOf(request, response, await readBody(request, config), stop.signal);
  } catch (error) {
    if (error instanceof HttpError && broken('counts-bad-requests'))
      await reportEnd(reportStart(request.method), { failed: true });
    return refuse(config, request, response, error);
  }
  const id = reportStart(request.method);
  const run = () => handler(event, contextOf(config));
  runWithin(config.timeout, stop, run, (outcome) => answer(config, response, id, outcome));
  return undefined;
}

/** Counts the call, then answers: who has the answer sees it in the metrics. */
async function answer({ logFormat }, response, id, { value, error }) {
  if (error) return answerError(logFormat, response, id, error);
  const report = () => reportEnd(id, { failed: false, timedOut: false });
  if (value === response || response.writableEnded) return report();
  return sendAnswer(response, value, report).catch((failure) =>
    answerError(logFormat, response, id, failure),
  );
}

async function answerError(logFormat, response, id, error) {
  const timedOut = error instanceof TimedOut;
  await reportEnd(id, { failed: true, timedOut });
  if (!timedOut) logError(logFormat, error);
  sendError(response, error);
}

function contextOf({ handler, timeout, runtime, memoryLimit }) {
  return {
    'function-name': process.env.KUBELESS_FUNC_NAME || handler,
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
