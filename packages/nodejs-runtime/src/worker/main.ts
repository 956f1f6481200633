/** A worker: one process that holds the function and serves requests from the shared socket. */
import { writeFileSync, writeSync } from 'node:fs';
import createError from 'http-errors';
import type { Handler } from '../api.js';
import { readConfig } from '../config.js';
import { errorLog, ignoreBrokenOutput } from '../error-log.js';
import { COUNTS_FD, STDERR_FD, STDOUT_FD, WATCHDOG_FD, WORN } from '../messages.js';
import { forgetThreadOptions } from '../v8-threads.js';
import { AccessLog } from './access-log.js';
import { createApp } from './app.js';
import { CallCounts } from './call-counts.js';
import { Caller } from './caller.js';
import { setTimeout } from './clock.js';
import { FunctionServer } from './function-server.js';
import { keepListeners } from './keep-listeners.js';
import { LineBatch } from './line-batch.js';
import { loadFunction, UnusableFunctionError } from './load-function.js';
import { openOutput } from './output.js';
import { SupervisorLink } from './supervisor-link.js';

/** What clients of a worker that makes way for another have to notice it. */
const NOTICE_MS = 1000;

const config = readConfig(process.env);
const logError = errorLog(config.logFormat, openOutput(STDERR_FD));
const lines = new LineBatch(openOutput(STDOUT_FD));
const accessLog = new AccessLog(config.logFormat, lines);
const counts = new CallCounts(writeCounts);
let draining = false;
let stopping = false;
let makingWay = false;

const link = new SupervisorLink({
  listen,
  drain: () => {
    draining = true;
  },
  stop,
});

ignoreBrokenOutput();
process.on('uncaughtException', logError);
process.on('unhandledRejection', logError);
process.on('disconnect', () => process.exit(1)); // the supervisor is gone
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => {}); // it says when
preferToDie();

const { context, timeoutMs, logFormat } = config;
const caller = new Caller({ context, timeoutMs, counts, logError });
const watching = caller.watch({ logFormat, reportFd: WATCHDOG_FD }, (error) => {
  makeWay(error); // nobody could end a loop any more
});
process.on('exit', finish);
keepListeners(process);
forgetThreadOptions();
const starting = start();

async function start(): Promise<FunctionServer> {
  const handler = await load();
  await watching;
  const app = createApp(config, {
    handler,
    caller,
    accessLog,
    logError,
    isDraining: () => draining,
    metricsPage: () => link.scrape(),
  });
  link.send({ type: 'loaded' });
  return new FunctionServer(app, config);
}

async function load(): Promise<Handler> {
  try {
    return await loadFunction(config);
  } catch (error) {
    return giveUp(error instanceof UnusableFunctionError ? error.message : String(error));
  }
}

function listen(socket: unknown): void {
  const listening = starting.then((server) => server.listen(socket));
  listening.then(
    () => link.send({ type: 'listening' }),
    (error: NodeJS.ErrnoException) =>
      giveUp(
        `runtime-kit: FUNC_PORT is "${config.port}": the server cannot listen there (${error.code}); ` +
          'the function must not listen on it itself',
      ),
  );
}

/** Ends a worker that cannot serve. */
function giveUp(reason: string): Promise<never> {
  return new Promise(() => {
    link.send({ type: 'unusable', reason }, () => process.exit(1));
  });
}

/** Accepts no more, lets running calls finish, and exits. */
function stop(withinMs: number | undefined): void {
  draining = true;
  stopping = true;
  caller.closeConnections();
  if (withinMs !== undefined) setTimeout(() => process.exit(0), withinMs);
  const noticeMs = withinMs === undefined ? NOTICE_MS : 0;
  const stopped = starting.then((server) => server.stop(noticeMs));
  Promise.all([stopped, caller.idle()]).then(() => process.exit(0));
}

/** A function that closes what it has not opened must not keep calls from being answered. */
function writeCounts(bytes: Uint8Array, position: number): void {
  try {
    writeSync(COUNTS_FD, bytes, 0, bytes.byteLength, position);
  } catch (error) {
    makeWay(error);
  }
}

/** Has the supervisor replace this worker; it serves until then. */
function makeWay(error: unknown): void {
  if (makingWay) return;
  makingWay = true;
  logError(error);
  writeSync(WATCHDOG_FD, WORN);
}

/** The last moment, also where the function ends the process. */
function finish(): void {
  const error = stopping
    ? createError(503, 'the server was stopped before the call had ended')
    : new Error('runtime-kit: the function ended its process');
  caller.failAll(error);
  accessLog.flush();
}

/** Under memory pressure the kernel takes the worker with its function, not the supervisor. */
function preferToDie(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '500');
  } catch {
    // no such file outside Linux, or not allowed: then the kernel decides by size alone
  }
}
