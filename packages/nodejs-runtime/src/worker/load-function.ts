import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Handler } from '../api.js';
import type { Config } from '../config.js';
import { plainError } from '../error-log.js';
import { pickHandler } from './pick-handler.js';
import { resolveFromVolume } from './resolve-from-volume.js';
import { explainSyntaxError } from './syntax-error.js';

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
  const { functionFile, handlerName } = config;
  if (!existsSync(functionFile))
    throw new UnusableFunctionError(
      `runtime-kit: MOD_NAME is "${path.basename(functionFile, '.js')}": there is no file ${functionFile}; ` +
        'set MOD_NAME and MOD_ROOT_PATH to the name and folder of the function file',
    );
  const picked = pickHandler(await loadModule(config), handlerName);
  if (typeof picked === 'function') return picked;
  throw new UnusableFunctionError(
    `runtime-kit: FUNC_HANDLER is "${handlerName}": ${functionFile} ${picked.problem}; ${picked.fix}`,
  );
}

/** Node's own frames above a `require` that finds nothing would hide the function's among the usual ten. */
const LOADING_STACK_FRAMES = 100;

async function loadModule({ functionFile, installVolume }: FunctionConfig): Promise<unknown> {
  const files = [functionFile];
  let loading = true;
  resolveFromVolume(installVolume, (file) => loading && files.push(file));
  const usual = Error.stackTraceLimit;
  Error.stackTraceLimit = LOADING_STACK_FRAMES;
  try {
    return await requireOrImport(functionFile);
  } catch (error) {
    const reason = error instanceof SyntaxError ? explainSyntaxError(files) : undefined;
    throw new UnusableFunctionError(
      `runtime-kit: ${functionFile} cannot be loaded: ${reason ?? plainError(error)}`,
    );
  } finally {
    loading = false;
    // Unless the function has set it.
    if (Error.stackTraceLimit === LOADING_STACK_FRAMES) Error.stackTraceLimit = usual;
  }
}

/**
 * A module that is required sees, by `module.parent`, that it is not the program: some start a server of
 * their own where they are. `require` takes ES modules, too, unless they await at their top level.
 */
async function requireOrImport(file: string): Promise<unknown> {
  try {
    return createRequire(file)(file);
  } catch (error) {
    const { code } = Object(error) as NodeJS.ErrnoException;
    if (code !== 'ERR_REQUIRE_ASYNC_MODULE' && code !== 'ERR_REQUIRE_ESM') throw error;
    return import(pathToFileURL(file).href);
  }
}
