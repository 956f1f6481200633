import { closest } from 'fastest-levenshtein';
import { RuntimeKitError } from '../errors.js';
import type { Runtime, Variant } from './runtime.js';

/** Whether a selector names a language or a runtime id of the catalog. */
export function isSelector(runtimes: Runtime[], selector: string): boolean {
  return match(runtimes, selector).length > 0;
}

/**
 * The variants that selectors name: a language gives its newest version (`all`: each), a runtime id
 * gives itself, no selector gives the newest of each language.
 *
 * @throws RuntimeKitError UNKNOWN_SELECTOR with the nearest name.
 */
export function selectVariants(
  runtimes: Runtime[],
  selectors: string[],
  { all = false }: { all?: boolean } = {},
): Variant[] {
  const wanted = selectors.length > 0 ? selectors : runtimes.map(({ language }) => language);
  const selected = wanted.flatMap((selector) => {
    const found = match(runtimes, selector);
    if (found.length === 0) throw unknownSelector(runtimes, selector);
    return all ? found : found.slice(0, 1);
  });
  return [...new Set(selected)];
}

function match(runtimes: Runtime[], selector: string): Variant[] {
  const runtime = runtimes.find(({ language }) => language === selector);
  if (runtime) return runtime.variants;
  return runtimes.flatMap(({ variants }) => variants.filter(({ id }) => id === selector));
}

function unknownSelector(runtimes: Runtime[], selector: string): RuntimeKitError {
  const names = runtimes.flatMap(({ language, variants }) => [
    language,
    ...variants.map(({ id }) => id),
  ]);
  const hint =
    names.length > 0
      ? `did you mean ${closest(selector, names)}? There are ${names.join(', ')}`
      : 'there is no runtime.yaml in this repository';
  return new RuntimeKitError('UNKNOWN_SELECTOR', `no language or runtime is called "${selector}"`, {
    hint,
  });
}
