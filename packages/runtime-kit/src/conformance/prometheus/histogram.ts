import { type Family, MalformedMetrics, type Sample } from './parse.js';

/** One series of a histogram. */
export interface Histogram {
  labels: Record<string, string>;
  /** Upper bounds in their order, +Inf included, with the cumulative counts. */
  buckets: { le: string; count: number }[];
  sum: number;
  count: number;
}

/**
 * The series of a histogram family.
 *
 * @throws MalformedMetrics where buckets fall, +Inf is missing or is not the count.
 */
export function histograms({ name, samples }: Family): Histogram[] {
  const series = new Map<string, Sample[]>();
  for (const sample of samples) {
    const { le: _, ...labels } = sample.labels;
    const key = JSON.stringify(Object.entries(labels).sort());
    series.set(key, [...(series.get(key) ?? []), sample]);
  }
  return [...series.values()].map((one) => histogramOf(name, one));
}

function histogramOf(name: string, samples: Sample[]): Histogram {
  const single = (suffix: string) =>
    samples.find((sample) => sample.name === name + suffix)?.value ??
    broken(name, `there is no ${name}${suffix}`);
  const buckets = samples
    .filter((sample) => sample.name === `${name}_bucket`)
    .map(({ labels, value }) => ({
      le: labels.le ?? broken(name, 'a bucket without le'),
      count: value,
    }));
  const count = single('_count');
  for (const [index, bucket] of buckets.entries())
    if (bucket.count < (buckets[index - 1]?.count ?? 0))
      broken(name, `the bucket le="${bucket.le}" holds less than the one before it`);
  if (buckets.at(-1)?.le !== '+Inf') broken(name, 'the last bucket is not +Inf');
  if (buckets.at(-1)?.count !== count) broken(name, 'the +Inf bucket is not the count');
  const { le: _, ...labels } = samples[0]?.labels ?? {};
  return { labels, buckets, sum: single('_sum'), count };
}

function broken(name: string, reason: string): never {
  throw new MalformedMetrics(`${name}: ${reason}`);
}
