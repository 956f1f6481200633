import path from 'node:path';
import type { Context } from './api.js';
import { usableCpus } from './cpus.js';

/** A setting that the server cannot start with; the message is one line for the operator. */
export class ConfigError extends Error {}

export interface Config {
  port: number;
  /** Absolute path of the function's file. */
  functionFile: string;
  handlerName: string;
  /** Where the installation phase left `node_modules`. */
  installVolume: string;
  context: Context;
  timeoutMs: number;
  workers: number;
  bodyLimitMiB: number;
  multipartLimitMiB: number;
  shutdownTimeoutMs: number;
  drainDelayMs: number;
  logFormat: 'combined' | 'json';
  /** Undefined turns CORS off. */
  corsOrigin: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A day is longer than any call should wait and still fits a timer's 31 bits of milliseconds. */
const LONGEST_SECONDS = 86_400;

/** @throws ConfigError for the first variable that has a value the server cannot use. */
export function readConfig(env: Environment): Config {
  const moduleName = readFileStem(env, 'MOD_NAME');
  const handlerName = readName(env, 'FUNC_HANDLER', 'the name of the exported function');
  const timeout = readSeconds(env, 'FUNC_TIMEOUT', 180);
  if (timeout === 0) throw invalid('FUNC_TIMEOUT', '0', 'a number of seconds above 0', '180');
  const root = path.resolve(env.MOD_ROOT_PATH || '/kubeless');
  return {
    port: readInteger(env, 'FUNC_PORT', 8080, 1, 65_535, 'a port number'),
    functionFile: path.join(root, `${moduleName}.js`),
    handlerName,
    installVolume: path.resolve(env.KUBELESS_INSTALL_VOLUME || root),
    context: {
      'function-name': handlerName,
      timeout,
      runtime: env.FUNC_RUNTIME,
      'memory-limit': env.FUNC_MEMORY_LIMIT,
    },
    timeoutMs: timeout * 1000,
    workers: readInteger(env, 'FUNC_WORKERS', usableCpus, 1, 512, 'a number of processes'),
    bodyLimitMiB: readMebibytes(env, 'REQ_MB_LIMIT', 1),
    multipartLimitMiB: readMebibytes(env, 'REQ_MULTIPART_MB_LIMIT', 32),
    shutdownTimeoutMs: readSeconds(env, 'FUNC_SHUTDOWN_TIMEOUT', 10) * 1000,
    drainDelayMs: readSeconds(env, 'FUNC_DRAIN_DELAY', 0) * 1000,
    logFormat: readLogFormat(env),
    corsOrigin: readCorsOrigin(env),
  };
}

function readName(env: Environment, name: string, wanted: string): string {
  const value = env[name];
  if (!value) throw invalid(name, value, wanted);
  return value;
}

function readFileStem(env: Environment, name: string): string {
  const wanted = "the function file's name without its suffix and folder";
  const value = readName(env, name, wanted);
  if (/[/\\\0]/.test(value) || value === '.' || value === '..') throw invalid(name, value, wanted);
  return value;
}

function readInteger(
  env: Environment,
  name: string,
  fallback: number | (() => number),
  least: number,
  most: number,
  what: string,
): number {
  const text = env[name];
  if (text === undefined || text === '')
    return typeof fallback === 'function' ? fallback() : fallback;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  const shown = typeof fallback === 'function' ? 'the usable CPUs' : String(fallback);
  throw invalid(name, text, `${what} from ${least} to ${most}`, shown);
}

function readSeconds(env: Environment, name: string, fallback: number): number {
  const value = readDecimal(env, name, fallback);
  if (value <= LONGEST_SECONDS) return value;
  throw invalid(name, env[name], `a number of seconds from 0 to ${LONGEST_SECONDS}`, `${fallback}`);
}

function readMebibytes(env: Environment, name: string, fallback: number): number {
  const value = readDecimal(env, name, fallback);
  if (value > 0 && value <= 4096) return value;
  throw invalid(name, env[name], 'a number of MiB above 0, at most 4096', `${fallback}`);
}

/** A number without sign or exponent; NaN, which fits no range, for anything else. */
function readDecimal(env: Environment, name: string, fallback: number): number {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  return /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
}

function readLogFormat(env: Environment): 'combined' | 'json' {
  const value = env.LOG_FORMAT || 'combined';
  if (value === 'combined' || value === 'json') return value;
  throw invalid('LOG_FORMAT', value, '"combined" or "json"', 'combined');
}

function readCorsOrigin(env: Environment): string | undefined {
  const value = env.CORS_ORIGIN || '*';
  if (value === '*') return value;
  try {
    // The supervisor needs no HTTP for anything else, and starts sooner without it.
    process.getBuiltinModule('node:http').validateHeaderValue('Access-Control-Allow-Origin', value);
  } catch {
    throw invalid('CORS_ORIGIN', value, 'an origin like https://example.org, or "off"', '*');
  }
  return value === 'off' ? undefined : value;
}

function invalid(name: string, value: string | undefined, wanted: string, fallback?: string) {
  const is = value === undefined ? 'is not set' : `is ${JSON.stringify(value)}`;
  const orUnset = fallback === undefined ? '' : ` (or leave it unset for ${fallback})`;
  return new ConfigError(`runtime-kit: ${name} ${is}: set it to ${wanted}${orUnset}`);
}
