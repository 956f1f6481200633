import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, lstatSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { broken } from './broken.js';

/** Loads the function's module and finds its handler. @throws Error with a text for the operator. */
export async function loadHandler({ root, module, handler }) {
  const file = join(root, `${module}.js`);
  if (!existsSync(file) || (broken('links-refused') && lstatSync(file).isSymbolicLink()))
    throw new Error(
      `MOD_NAME is "${module}": there is no ${file}; set it to a file's name without .js`,
    );
  const loaded = await importModule(file);
  const found = handlerOf(loaded, handler);
  if (broken('loads-for-each-call')) return loadForEachCall(file, handler);
  if (typeof found === 'function') return found;
  throw new Error(
    `FUNC_HANDLER is "${handler}": ${file} does not export it; set it to one of ${Object.keys(loaded).join(', ')}`,
  );
}

function handlerOf(loaded, handler) {
  if (broken('default-export-ignored')) return loaded[handler];
  return loaded[handler] ?? loaded.default?.[handler];
}

function loadForEachCall(file, handler) {
  return async (event, context) => {
    const { href } = pathToFileURL(file);
    return handlerOf(await import(`${href}?${Math.random()}`), handler)(event, context);
  };
}

async function importModule(file) {
  try {
    return await import(pathToFileURL(broken('loads-a-copy') ? copyOf(file) : file).href);
  } catch (error) {
    const place = error instanceof SyntaxError ? syntaxErrorOf(file) : error.stack;
    if (broken('load-error-without-place')) throw new Error(`cannot load: ${error.message}`);
    throw new Error(`cannot load ${file}: ${place}`);
  }
}

/** The file alone, in a folder of its own: what lies beside it stays behind. */
function copyOf(file) {
  const copy = join(mkdtempSync(join(tmpdir(), 'copy-')), basename(file));
  copyFileSync(file, copy);
  return copy;
}

/** Node tells the line of a syntax error only where nobody catches it. */
function syntaxErrorOf(file) {
  const input = readFileSync(file);
  const flags = ['--check', '--input-type=module', '-'];
  const { stderr } = spawnSync(process.execPath, flags, { input, encoding: 'utf8' });
  return stderr.replaceAll('[stdin]', file);
}
