/** The server: reads its settings, binds the port and supervises the workers that serve it. */
import path from 'node:path';
import { type Config, ConfigError, readConfig } from './config.js';
import { errorLog, ignoreBrokenOutput } from './error-log.js';
import { bindSocket } from './supervisor/listening-socket.js';
import { Supervisor } from './supervisor/supervisor.js';
import { writeTerminationLog } from './supervisor/termination-log.js';

ignoreBrokenOutput();
try {
  const config = readConfig(process.env);
  const supervisor = new Supervisor({
    config,
    socket: bindSocket(config.port),
    workerEnv: workerEnvironment(config),
    logError: errorLog(config.logFormat),
    onEnd: (reason) => (reason === undefined ? process.exit(0) : fail(reason)),
  });
  supervisor.start();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => supervisor.end());
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  fail(error.message);
}

function fail(reason: string): never {
  console.error(reason);
  writeTerminationLog(reason);
  process.exit(1);
}

/** A worker finds the installed dependencies by NODE_PATH, which Node reads when it starts. */
function workerEnvironment({ installVolume }: Config): NodeJS.ProcessEnv {
  const installed = path.join(installVolume, 'node_modules');
  const paths = process.env.NODE_PATH?.split(path.delimiter) ?? [];
  if (!paths.includes(installed)) paths.unshift(installed);
  return { ...process.env, NODE_PATH: paths.filter(Boolean).join(path.delimiter) };
}
