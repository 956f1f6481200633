import { closest } from 'fastest-levenshtein';
import { RuntimeKitError } from '../../errors.js';
import type { Kind } from '../call.js';
import { badKinds } from './bad.js';
import { crashingKind, failingKinds, loopingKind } from './failing.js';
import { goodKinds } from './good.js';

export { crashingKind, loopingKind } from './failing.js';

/** What ordinary connections make calls of. */
export const mixedKinds: Kind[] = [...goodKinds, ...badKinds, ...failingKinds];

/** @throws RuntimeKitError USAGE with the nearest name */
export function requireKind(name: string): void {
  const names = [...mixedKinds, loopingKind, crashingKind].map((kind) => kind.name);
  if (names.includes(name)) return;
  throw new RuntimeKitError('USAGE', `there is no kind of call "${name}"`, {
    hint: `did you mean ${closest(name, names)}? There are ${names.join(', ')}`,
  });
}
