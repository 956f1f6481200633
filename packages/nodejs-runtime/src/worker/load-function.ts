import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import type { Handler } from '../api.js';
import type { Config } from '../config.js';

/** The function cannot be used; the message says why, in full. */
export class UnusableFunctionError extends Error {}

type FunctionConfig = Pick<Config, 'functionFile' | 'handlerName' | 'installVolume'>;

/**
 * Loads the function's module, once. It may be CommonJS or an ES module; the handler is the export
 * of its name or, in a module that is itself a function, the module.
 *
 * @throws UnusableFunctionError
 */
export async function loadFunction(config: FunctionConfig): Promise<Handler> {
  const { functionFile } = config;
  if (!existsSync(functionFile))
    throw new UnusableFunctionError(
      `runtime-kit: MOD_NAME is "${path.basename(functionFile, '.js')}": there is no file ${functionFile}; ` +
        'set MOD_NAME and MOD_ROOT_PATH to the name and folder of the function file',
    );
  resolveFromVolume(config.installVolume);
  return pickHandler(await importModule(functionFile), config);
}

/** Node's own frames above a `require` that finds nothing would hide the function's among the usual ten. */
const LOADING_STACK_FRAMES = 100;

async function importModule(file: string): Promise<Record<string, unknown>> {
  const usual = Error.stackTraceLimit;
  Error.stackTraceLimit = LOADING_STACK_FRAMES;
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (error) {
    throw new UnusableFunctionError(
      `runtime-kit: ${file} cannot be loaded: ${explain(error, file)}`,
    );
  } finally {
    // Unless the function has set it.
    if (Error.stackTraceLimit === LOADING_STACK_FRAMES) Error.stackTraceLimit = usual;
  }
}

/**
 * A caught SyntaxError does not say where it is: Node adds file and line only when it prints one that
 * nobody caught. So Node checks the file once more.
 */
function explain(error: unknown, file: string): string {
  if (!(error instanceof SyntaxError)) return inspect(error);
  const { stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' });
  return stderr.trim() || inspect(error);
}

function pickHandler(module: Record<string, unknown>, config: FunctionConfig): Handler {
  const { handlerName: name, functionFile } = config;
  const whole = module.default;
  const members = Object(whole) as Record<string, unknown>;
  const handler = module[name] ?? (Object.hasOwn(members, name) ? members[name] : undefined);
  if (typeof handler === 'function') return handler as Handler;
  if (handler === undefined && typeof whole === 'function') return whole as Handler;
  const is = handler === undefined ? 'has no export of this name' : `exports a ${typeof handler}`;
  const names = Object.entries({ ...members, ...module })
    .filter(([key, value]) => key !== 'default' && typeof value === 'function')
    .map(([key]) => key);
  throw new UnusableFunctionError(
    `runtime-kit: FUNC_HANDLER is "${name}": ${functionFile} ${is}; ` +
      (names.length > 0
        ? `set it to one of its functions: ${names.join(', ')}`
        : 'export a function of this name'),
  );
}

/**
 * CommonJS finds the installed dependencies by NODE_PATH, which ES modules do not read: where the
 * usual search of an ES module ends with nothing, it goes on in the volume.
 */
function resolveFromVolume(installVolume: string): void {
  const { registerHooks } = nodeModule;
  if (!registerHooks) return; // before Node 22.15
  const parentURL = pathToFileURL(path.join(installVolume, 'function.js')).href;
  registerHooks({
    resolve(specifier, context, nextResolve) {
      try {
        return nextResolve(specifier, context);
      } catch (error) {
        if (/^[./#]|^\w+:/.test(specifier)) throw error;
        try {
          return nextResolve(specifier, { ...context, parentURL });
        } catch {
          throw error; // it names the importing file, the second one does not
        }
      }
    },
  });
}
