import * as nodeModule from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * CommonJS finds the installed dependencies by NODE_PATH, which ES modules do not read: where the
 * usual search of an ES module ends with nothing, it goes on in the volume.
 *
 * @param onResolved is told of each file that a module asks for
 */
export function resolveFromVolume(
  installVolume: string,
  onResolved: (file: string) => unknown,
): void {
  const { registerHooks } = nodeModule;
  if (!registerHooks) return; // before Node 22.15
  const parentURL = pathToFileURL(path.join(installVolume, 'function.js')).href;
  registerHooks({
    resolve(specifier, context, nextResolve) {
      try {
        return noted(nextResolve(specifier, context));
      } catch (error) {
        if (/^[./#]|^\w+:/.test(specifier)) throw error;
        try {
          return noted(nextResolve(specifier, { ...context, parentURL }));
        } catch {
          throw error; // it names the importing file, the second one does not
        }
      }
    },
  });

  function noted<Resolved extends { url: string }>(resolved: Resolved): Resolved {
    if (resolved.url.startsWith('file:')) onResolved(fileURLToPath(resolved.url));
    return resolved;
  }
}
