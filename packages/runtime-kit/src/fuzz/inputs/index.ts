import fc, { type Arbitrary } from 'fast-check';
import type { Group, Input } from '../input.js';
import { cloudevents } from './cloudevents.js';
import { framing } from './framing.js';
import { headers } from './headers.js';
import { http } from './http.js';
import { json } from './json.js';
import { multipart } from './multipart.js';

const weighted = (weight: number, group: Group, shapes: Arbitrary<Omit<Input, 'group'>>) => ({
  weight,
  arbitrary: shapes.map((input): Input => ({ group, ...input })),
});

/** Any input. */
export const input: Arbitrary<Input> = fc.oneof(
  weighted(20, 'http', http),
  weighted(24, 'framing', framing),
  weighted(20, 'headers', headers),
  weighted(16, 'json', json),
  weighted(10, 'cloudevents', cloudevents),
  weighted(10, 'multipart', multipart),
);

/**
 * Inputs of a seed, from an index on: what stands at an index depends on the seed and on it alone.
 */
export function inputsOf(seed: number, from: number, count: number): Input[] {
  return fc.sample(input, { seed, path: String(from), numRuns: count });
}
