import { createServer } from 'node:http';
import { broken } from './broken.js';
import { readConfig } from './config.js';
import { handleRequest } from './handle.js';
import { loadHandler } from './load.js';
import { dropLog, flushLog, logError } from './log.js';
import { holdOutputBack } from './output.js';
import { metricsPage } from './primary-link.js';
import { startWatchdog } from './watchdog.js';

const MAX_HEADER_BYTES = 16 * 1024;
const HEADERS_LIMIT_MS = 5000;

const config = readConfig();
const state = { draining: false, closing: false };
let closeServer = () => process.exit(0);

process.on('uncaughtException', (error) => {
  if (!broken('background-error-silent')) logError(config.logFormat, error);
  if (broken('background-error-kills')) process.send({ type: 'fall' });
});
process.on('SIGTERM', () => {}); // a signal to the group is the primary's to act on
process.on('SIGINT', () => {});
process.on('message', ({ type }) => {
  if (type === 'drain') state.draining = true;
  if (type !== 'close') return;
  state.closing = true;
  if (broken('log-lost-at-exit')) dropLog();
  closeServer();
});
process.on('exit', flushLog);
holdOutputBack();

const loading = loadHandler(config);
loading.catch(({ message }) => process.send({ type: 'load-error', text: message }));
if (broken('load-within-timeout')) endAfter(config.timeout);
if (broken('healthy-before-load')) serve(async (...call) => (await loading)(...call));
else serve(await loading.catch(() => new Promise(() => {})));

function endAfter(seconds) {
  const message = { type: 'load-error', text: `loading took more than ${seconds} s` };
  const timer = setTimeout(() => process.send(message), Math.max(seconds, 2) * 1000);
  loading.finally(() => clearTimeout(timer)).catch(() => {});
}

function serve(handler) {
  const call = { config, state, handler, metricsPage, watchdog: startWatchdog(config.timeout) };
  const open = new Set();
  const server = createServer(
    {
      maxHeaderSize: broken('huge-headers') ? 1024 * 1024 : MAX_HEADER_BYTES,
      headersTimeout: broken('slow-headers-kept') ? 0 : HEADERS_LIMIT_MS,
      requestTimeout: broken('slow-headers-kept') ? 0 : 300_000,
      requireHostHeader: !broken('host-not-asked-for'),
      insecureHTTPParser: broken('lenient-parser'),
      connectionsCheckingInterval: 500,
      keepAliveTimeout: 65_000,
    },
    (request, response) => {
      open.add(response);
      response.on('close', () => open.delete(response));
      return handleRequest(call, request, response);
    },
  );
  breakConnections(server);
  // New connections are refused, idle ones closed; the others close with their answer.
  closeServer = () => {
    if (broken('drops-in-flight')) process.exit(0);
    if (broken('idle-kept-open')) server.closeIdleConnections = () => {};
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    if (broken('no-connection-close')) return;
    for (const response of open) response.shouldKeepAlive = false;
  };
  if (state.closing) return;
  const port = broken('port-fixed') ? 8080 : config.port;
  server.listen(port, broken('listens-on-loopback') ? '127.0.0.1' : '0.0.0.0');
}

function breakConnections(server) {
  if (broken('kept-connections-cut')) server.on('request', cutAfterTen);
  if (broken('answers-mixed-up')) countConnections(server);
  if (broken('malformed-kills')) server.on('clientError', () => process.exit(1));
  if (broken('malformed-kept-open')) server.on('clientError', () => {});
}

function countConnections(server) {
  server.connectionsNow = 0;
  server.on('connection', (socket) => {
    server.connectionsNow += 1;
    socket.on('close', () => {
      server.connectionsNow -= 1;
    });
  });
}

function cutAfterTen({ socket }) {
  socket.requests = (socket.requests ?? 0) + 1;
  if (socket.requests > 10) socket.destroy();
}
