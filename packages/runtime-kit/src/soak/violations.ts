import { isEqual } from './counters.js';
import { GRACE_MS } from './punctuality.js';
import type { SoakResult } from './report.js';

type Found = Pick<SoakResult, 'kinds' | 'punctuality' | 'counters' | 'memory'>;

/** Everything that breaks the contract, in words; `seen` is what was noticed on the way. */
export function violationsOf(
  { kinds, punctuality, counters, memory }: Found,
  examples: Map<string, string[]>,
  seen: string[],
): string[] {
  const wrong = kinds.filter(({ wrong }) => wrong > 0);
  return [
    ...seen,
    ...wrong.map(
      ({ kind, wrong, calls }) =>
        `${kind}: ${wrong} of ${calls} wrong: ${(examples.get(kind) ?? []).join('; ')}`,
    ),
    ...(punctuality.medianMs > GRACE_MS
      ? [`timeouts: half of the 408s came ${punctuality.medianMs} ms after FUNC_TIMEOUT or later`]
      : []),
    ...counters
      .filter((counter) => !isEqual(counter))
      .map(({ name, method, least, most, actual }) => {
        const wanted = least === most ? `${least}` : `${least} to ${most}`;
        return `metrics: ${name}{method="${method}"} is ${actual}, the client counted ${wanted}`;
      }),
    ...(memory && !memory.passed
      ? [
          `memory: ${mebibytes(memory.firstMinute)} after the first minute, ${mebibytes(memory.end)} at the end: ${Math.round(memory.growth * 100)} % more`,
        ]
      : []),
  ];
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
