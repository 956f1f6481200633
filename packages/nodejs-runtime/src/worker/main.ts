/** A worker: one process that holds the function and serves requests from the shared socket. */
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { Handler } from '../api.js';
import { readConfig } from '../config.js';
import { errorLog } from '../error-log.js';
import { WATCHDOG_FD } from '../messages.js';
import { createApp } from './app.js';
import { CallCounts } from './call-counts.js';
import { Caller } from './caller.js';
import { LineBatch } from './line-batch.js';
import { loadFunction, UnusableFunctionError } from './load-function.js';
import { SupervisorLink } from './supervisor-link.js';

const config = readConfig(process.env);
const logError = errorLog(config.logFormat);
const accessLines = new LineBatch((text) => process.stdout.write(text));
const counts = new CallCounts((current) => link.send({ type: 'counts', counts: current }));
let draining = false;

const link = new SupervisorLink(
  {
    listen: (socket) => listen(socket),
    drain: () => {
      draining = true;
    },
    stop,
  },
  () => counts.report(),
);

process.on('uncaughtException', logError);
process.on('unhandledRejection', logError);
process.on('disconnect', () => process.exit(1)); // the supervisor is gone
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => {}); // it says when
preferToDie();

const caller = new Caller({
  context: config.context,
  timeoutMs: config.timeoutMs,
  counts,
  logError,
});
const watching = caller.deadlines.startWatchdog(WATCHDOG_FD);
const server = createHttpServer(await load());
await watching;
process.on('exit', finish);
link.send({ type: 'loaded' });

async function load(): Promise<Handler> {
  try {
    return await loadFunction(config);
  } catch (error) {
    const reason = error instanceof UnusableFunctionError ? error.message : String(error);
    await new Promise((resolve) => process.send?.({ type: 'unusable', reason }, resolve));
    process.exit(1);
  }
}

function createHttpServer(handler: Handler): Server {
  const app = createApp(config, {
    handler,
    caller,
    accessLines,
    logError,
    isDraining: () => draining,
    metricsPage: () => link.scrape(),
  });
  return createServer(
    {
      keepAliveTimeout: 75_000, // above the usual 60 s of the balancers before it
      headersTimeout: 10_000,
      connectionsCheckingInterval: 1000,
    },
    app,
  );
}

function listen(socket: unknown): void {
  server.listen(socket, () => link.send({ type: 'listening' }));
}

/** Accepts no more, lets running calls finish, and exits. */
function stop(): void {
  draining = true;
  caller.closeConnections();
  server.close(() => process.exit(0)); // closes idle connections too
}

/** The last moment, also where the function ends the process. */
function finish(): void {
  caller.failAll(new Error('runtime-kit: the function ended its process'));
  accessLines.flush();
  counts.report();
}

/** Under memory pressure the kernel takes the worker with its function, not the supervisor. */
function preferToDie(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '500');
  } catch {
    // no such file outside Linux, or not allowed: then the kernel decides by size alone
  }
}
