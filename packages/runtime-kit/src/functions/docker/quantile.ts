/**
 * The value below which a share of observations lies, as Prometheus' histogram_quantile estimates it: linear
 * within a bucket; the last bound where it lies above all of them.
 */
export function quantile(
  buckets: { le: string; count: number }[],
  count: number,
  share: number,
): number {
  const rank = share * count;
  const index = buckets.findIndex((bucket) => bucket.count >= rank);
  const bucket = buckets[index];
  if (!bucket || count === 0) return Number.NaN;
  const below = buckets[index - 1];
  const from = Number(below?.le ?? 0);
  if (bucket.le === '+Inf') return from;
  const inside = bucket.count - (below?.count ?? 0);
  return from + (Number(bucket.le) - from) * ((rank - (below?.count ?? 0)) / inside);
}
