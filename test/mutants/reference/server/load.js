import { existsSync } from 'node:fs';
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
    // The stack of a syntax error begins with file:line, that of others names them in a frame.
    throw new Error(`cannot load ${file}: ${error.stack}`);
  }
}
