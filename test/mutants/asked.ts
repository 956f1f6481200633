import { rules } from '../../packages/runtime-kit/src/conformance/rules/index.js';
import { type ImageMutant, isTold } from './image-mutants.js';
import { rowOf } from './table.js';

/** `MUTANTS=all` asks every mutant everything; by default its own rules and those that cost little. */
const ASKS_EVERYTHING = process.env.MUTANTS === 'all';

/** Everything costs half a minute of a processor for each mutant. */
export const LIMIT_MS = ASKS_EVERYTHING ? 3 * 3_600_000 : 900_000;

/** Rules whose cases start servers of their own, or wait. */
const COSTLY = [
  /^process\.(?!port)/,
  /^event\.context/,
  /^function\./,
  /^answer\.(cors|error|too-large|bad-http)/,
  /^(timeout|failure|parallel|metrics|log)\./,
  /^(install|compile)\./,
];

const quick = rules.map(({ id }) => id).filter((id) => !COSTLY.some((pattern) => pattern.test(id)));

const ofImages = rules.map(({ id }) => id).filter((id) => id.startsWith('image.'));

/** The rules to prove of a mutant. */
export function asked(mutant: string): { only?: string[] } {
  return asking(mutant, quick);
}

/** A server that is not told to break anything is the reference's: its answers are known. */
export function askedOfImage(mutant: ImageMutant): { only?: string[] } {
  const tellsServer = isTold(mutant) && mutant.image !== 'build';
  return asking(mutant.name, tellsServer ? quick : ofImages);
}

function asking(mutant: string, beside: string[]): { only?: string[] } {
  return ASKS_EVERYTHING ? {} : { only: [...new Set([...rowOf(mutant), ...beside])] };
}
