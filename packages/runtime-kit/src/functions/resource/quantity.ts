import { RuntimeKitError } from '../../errors.js';

const SUFFIXES: Record<string, number> = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};
const QUANTITY = /^(\d+(?:\.\d*)?|\.\d+)([a-zA-Z]*)$/;
/** The least that an engine gives a container. */
const LEAST_BYTES = 6 * 2 ** 20;

/** A Kubernetes quantity of memory in bytes. @throws RuntimeKitError USAGE */
export function memoryBytes(quantity: string): number {
  const bytes = Math.floor(scalarOf('memory', quantity, '128Mi'));
  if (bytes >= LEAST_BYTES) return bytes;
  throw new RuntimeKitError('USAGE', `memory "${quantity}" is less than a container can have`, {
    hint: 'give 6Mi or more; did you forget the unit, as in 128Mi?',
  });
}

/** A Kubernetes quantity of processors. @throws RuntimeKitError USAGE */
export function cpus(quantity: string): number {
  const value = scalarOf('cpu', quantity, '500m');
  if (value >= 0.01) return value;
  throw new RuntimeKitError('USAGE', `cpu "${quantity}" is less than a container can have`, {
    hint: 'give 10m or more',
  });
}

function scalarOf(what: string, quantity: string, example: string): number {
  const [, number, suffix = ''] = QUANTITY.exec(quantity) ?? [];
  const factor = SUFFIXES[suffix];
  if (number !== undefined && factor !== undefined) return Number(number) * factor;
  throw new RuntimeKitError('USAGE', `${what} "${quantity}" is no quantity`, {
    hint: `give a number and a unit as Kubernetes has them, such as ${example}`,
  });
}
