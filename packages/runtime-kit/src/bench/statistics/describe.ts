/** What several measurements of the same thing say together. */
export interface Spread {
  median: number;
  /** The least and the greatest. */
  low: number;
  high: number;
  count: number;
}

/** undefined where there is nothing to describe. */
export function spreadOf(values: number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  return {
    median: medianOf(values),
    low: Math.min(...values),
    high: Math.max(...values),
    count: values.length,
  };
}

/** NaN for no values. */
export function medianOf(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = Math.floor(sorted.length / 2);
  const lower = Math.ceil(sorted.length / 2) - 1;
  return ((sorted[lower] ?? Number.NaN) + (sorted[upper] ?? Number.NaN)) / 2;
}

/**
 * Ratios of values that belong together because they were measured in the same round: what slows the
 * machine for a while slows both sides of a pair, and leaves their ratio alone.
 *
 * @param above, below values by round; a round that one side lacks makes no pair.
 */
export function pairedRatios(above: Map<number, number>, below: Map<number, number>): number[] {
  return [...above].flatMap(([round, value]) => {
    const other = below.get(round);
    return other === undefined || other === 0 ? [] : [value / other];
  });
}
