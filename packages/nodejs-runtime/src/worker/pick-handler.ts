import type { Handler } from '../api.js';

/** Why a module has no handler of that name, and what to do about it. */
export interface NoHandler {
  problem: string;
  fix: string;
}

/**
 * The export of the name, else that member of the default export, else the module if it is itself a function.
 * Members may be inherited: a module may export an instance of a class.
 *
 * @param module what `require` or `import` gave
 */
export function pickHandler(module: unknown, name: string): Handler | NoHandler {
  const whole = [module, Object(module).default];
  const candidates = [...whole.map((value) => member(value, name)), ...whole];
  const handler = candidates.find((value) => typeof value === 'function');
  if (handler) return handler as Handler;
  const found = candidates.find((value, index) => index < whole.length && value !== undefined);
  const names = whole.flatMap(functionNames);
  return {
    problem: found === undefined ? 'has no export of this name' : `exports a ${typeof found}`,
    fix:
      names.length > 0
        ? `set it to one of its functions: ${[...new Set(names)].join(', ')}`
        : 'export a function of this name',
  };
}

function member(value: unknown, name: string): unknown {
  const object = Object(value) as Record<string, unknown>;
  const isBuiltIn = name in Object.prototype || name in Function.prototype;
  return !isBuiltIn || Object.hasOwn(object, name) ? object[name] : undefined;
}

function functionNames(value: unknown): string[] {
  return Object.entries(Object(value))
    .filter(([key, member]) => key !== 'default' && typeof member === 'function')
    .map(([key]) => key);
}
