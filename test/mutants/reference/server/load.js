import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Loads the function's module and finds its handler. @throws Error with a text for the operator. */
export async function loadHandler({ root, module, handler }) {
  const file = join(root, `${module}.js`);
  if (!existsSync(file))
    throw new Error(
      `MOD_NAME is "${module}": there is no ${file}; set it to a file's name without .js`,
    );
  const loaded = await importModule(file);
  const found = loaded[handler] ?? loaded.default?.[handler];
  if (typeof found === 'function') return found;
  throw new Error(
    `FUNC_HANDLER is "${handler}": ${file} does not export it; set it to one of ${Object.keys(loaded).join(', ')}`,
  );
}

async function importModule(file) {
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    const place = error instanceof SyntaxError ? syntaxErrorOf(file) : error.stack;
    throw new Error(`cannot load ${file}: ${place}`);
  }
}

/** Node tells the line of a syntax error only where nobody catches it. */
function syntaxErrorOf(file) {
  const input = readFileSync(file);
  const flags = ['--check', '--input-type=module', '-'];
  const { stderr } = spawnSync(process.execPath, flags, { input, encoding: 'utf8' });
  return stderr.replaceAll('[stdin]', file);
}
