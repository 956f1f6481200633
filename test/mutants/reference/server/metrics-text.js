import { broken } from './broken.js';

/** The Prometheus text of one family; values by method. */
export function counter(name, help, values) {
  const label = (method) =>
    broken('label-of-path') ? `method="${method}",path="/"` : `method="${method}"`;
  const samples = values.map(([method, value]) => `${name}{${label(method)}} ${value}`);
  return family(name, 'counter', help, samples);
}

export function histogram(name, help, bounds, calls) {
  const samples = calls.flatMap(([method, { buckets, calls: count, sum }]) => [
    ...buckets.map((inside, i) => `${name}_bucket{method="${method}",le="${bounds[i]}"} ${inside}`),
    ...(broken('bucket-inf-missing')
      ? []
      : [`${name}_bucket{method="${method}",le="+Inf"} ${count}`]),
    `${name}_sum{method="${method}"} ${sum}`,
    `${name}_count{method="${method}"} ${count}`,
  ]);
  return family(name, 'histogram', help, samples);
}

export function gauge(name, help, value) {
  const sample = `${name} ${value}`;
  return family(name, 'gauge', help, broken('sample-twice') ? [sample, sample] : [sample]);
}

export function family(name, type, help, samples) {
  const says = `# HELP ${name} ${broken('help-of-the-library') ? name : help}`;
  const head = [says, `# TYPE ${name} ${type}`];
  const lines = broken('type-after-samples') ? [says, ...samples, head[1]] : [...head, ...samples];
  return `${lines.join('\n')}\n`;
}
