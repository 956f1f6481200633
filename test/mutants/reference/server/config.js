import { availableParallelism } from 'node:os';
import { broken } from './broken.js';

/** A setting that cannot be used; the message is for the operator. */
export class BadSetting extends Error {}

/** Reads the environment of the contract. Times are in seconds, sizes in MiB. */
export function readConfig(env = process.env) {
  return {
    port: number(env, 'FUNC_PORT', 8080, { least: 1, most: 65535, whole: true }),
    root: env.MOD_ROOT_PATH ?? '/kubeless',
    module: moduleName(env),
    handler: required(env, 'FUNC_HANDLER', 'the name of an exported function'),
    timeout: number(env, 'FUNC_TIMEOUT', 180, { above: 0 }),
    runtime: env.FUNC_RUNTIME ?? '',
    memoryLimit: env.FUNC_MEMORY_LIMIT ?? '',
    workers: number(env, 'FUNC_WORKERS', availableParallelism(), { least: 1, whole: true }),
    bodyLimit: number(env, 'REQ_MB_LIMIT', 1, { above: 0 }),
    multipartLimit: number(env, 'REQ_MULTIPART_MB_LIMIT', 32, { above: 0 }),
    shutdownTimeout: number(env, 'FUNC_SHUTDOWN_TIMEOUT', 10, { least: 0 }),
    drainDelay: number(env, 'FUNC_DRAIN_DELAY', 0, { least: 0 }),
    logFormat: oneOf(env, 'LOG_FORMAT', ['combined', 'json']),
    corsOrigin: env.CORS_ORIGIN ?? '*',
    terminationLog: env.KUBELESS_TERMINATION_LOG ?? '/dev/termination-log',
  };
}

function number(env, name, fallback, { least, above, most = Infinity, whole = false }) {
  const text = env[name];
  if (text === undefined) return fallback;
  if (broken('bad-timeout-taken') && name === 'FUNC_TIMEOUT') return Number(text) || fallback;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  const fits =
    Number.isFinite(value) &&
    value <= most &&
    (least === undefined || value >= least) &&
    (above === undefined || value > above) &&
    (!whole || Number.isInteger(value));
  if (fits) return value;
  const kind = whole ? 'a whole number' : 'a number';
  const range = least === undefined ? `above ${above}` : `from ${least}`;
  const end = most === Infinity ? '' : ` to ${most}`;
  throw new BadSetting(
    `${name} is "${text}": set it to ${kind} ${range}${end} (or leave it unset for ${fallback})`,
  );
}

function required(env, name, what) {
  if (env[name]) return env[name];
  throw new BadSetting(`${name} is "${env[name] ?? ''}": set it to ${what}`);
}

function moduleName(env) {
  const name = required(env, 'MOD_NAME', "the function file's name without its suffix");
  if (!/[/\\]/.test(name) || broken('module-path-taken')) return name;
  throw new BadSetting(`MOD_NAME is "${name}": set it to a file name without a folder or suffix`);
}

function oneOf(env, name, values) {
  const value = env[name] ?? values[0];
  if (values.includes(value) || broken('log-format-unchecked')) return value;
  throw new BadSetting(`${name} is "${value}": set it to one of ${values.join(', ')}`);
}
