import { createServer } from 'node:http';
import { broken } from './broken.js';
import { readConfig } from './config.js';
import { handleRequest } from './handle.js';
import { loadHandler } from './load.js';
import { flushLog, logError } from './log.js';
import { metricsPage } from './primary-link.js';
import { startWatchdog } from './watchdog.js';

const MAX_HEADER_BYTES = 16 * 1024;
const HEADERS_LIMIT_MS = 5000;

const config = readConfig();
const state = { draining: false, closing: false };

process.on('uncaughtException', (error) => {
  logError(config.logFormat, error);
  if (broken('background-error-kills')) process.kill(process.ppid, 'SIGKILL');
});
process.on('SIGTERM', () => {}); // a signal to the group is the primary's to act on
process.on('SIGINT', () => {});
process.on('exit', flushLog);

if (broken('healthy-before-load')) serve(async () => 'too early');
else await load();

async function load() {
  try {
    serve(await loadHandler(config));
  } catch (error) {
    process.send({ type: 'load-error', text: error.message });
  }
}

function serve(handler) {
  const call = { config, state, handler, metricsPage, watchdog: startWatchdog(config.timeout) };
  const open = new Set();
  const server = createServer(
    {
      maxHeaderSize: broken('huge-headers') ? 1024 * 1024 : MAX_HEADER_BYTES,
      headersTimeout: broken('slow-headers-kept') ? 0 : HEADERS_LIMIT_MS,
      requestTimeout: broken('slow-headers-kept') ? 0 : 300_000,
      connectionsCheckingInterval: 500,
      keepAliveTimeout: 65_000,
    },
    (request, response) => {
      open.add(response);
      response.on('close', () => open.delete(response));
      return handleRequest(call, request, response);
    },
  );
  // New connections are refused, idle ones closed; the others close with their answer.
  const closeServer = () => {
    state.closing = true;
    if (broken('drops-in-flight')) process.exit(0);
    server.close();
    server.closeIdleConnections();
    if (broken('no-connection-close')) return;
    for (const response of open) response.shouldKeepAlive = false;
  };
  server.listen(config.port, broken('listens-on-loopback') ? '127.0.0.1' : '0.0.0.0');
  process.on('message', ({ type }) => {
    if (type === 'drain') state.draining = true;
    if (type === 'close') closeServer();
  });
}
