import { describe, expect, test } from 'vitest';
import { histograms } from '../../src/conformance/prometheus/histogram.js';
import { type Family, parseMetrics } from '../../src/conformance/prometheus/parse.js';

const PAGE = `# HELP calls_total Calls of the function.
# TYPE calls_total counter
calls_total{method="GET"} 3
calls_total{method="say \\"hi\\""} 1e2
# HELP seconds Duration.
# TYPE seconds histogram
seconds_bucket{method="GET",le="0.1"} 1
seconds_bucket{method="GET",le="+Inf"} 3
seconds_sum{method="GET"} 0.5
seconds_count{method="GET"} 3
`;

describe('parseMetrics', () => {
  test('reads families with help, type and samples', () => {
    const families = parseMetrics(PAGE);
    expect(families.get('calls_total')).toEqual({
      name: 'calls_total',
      help: 'Calls of the function.',
      type: 'counter',
      samples: [
        { name: 'calls_total', labels: { method: 'GET' }, value: 3 },
        { name: 'calls_total', labels: { method: 'say "hi"' }, value: 100 },
      ],
    });
    expect(families.get('seconds')?.samples).toHaveLength(4);
  });

  test.each([
    ['no line end', 'a 1', /no line end/],
    ['a sample without HELP', 'a 1\n', /line 1: a without its HELP/],
    ['a sample without TYPE', '# HELP a b\na 1\n', /line 2: a has no TYPE/],
    ['TYPE behind samples', '# HELP a b\n# TYPE a gauge\na 1\n# TYPE a gauge\n', /second TYPE/],
    ['TYPE before HELP', '# TYPE a gauge\n', /without its HELP/],
    ['an unknown type', '# HELP a b\n# TYPE a number\n', /malformed comment/],
    ['a family in two places', '# HELP a b\n# HELP c d\n# HELP a b\n', /line 3: a second HELP/],
    ['a sample twice', '# HELP a b\n# TYPE a gauge\na{x="1"} 1\na{x="1"} 2\n', /second sample/],
    ['a label twice', '# HELP a b\n# TYPE a gauge\na{x="1",x="2"} 1\n', /label x stands twice/],
    ['an open quote', '# HELP a b\n# TYPE a gauge\na{x="1} 1\n', /malformed labels/],
    ['no number', '# HELP a b\n# TYPE a gauge\na one\n', /not a number/],
    ['a name of another family', '# HELP a b\n# TYPE a gauge\na_count 1\n', /a_count without/],
  ])('refuses %s', (_, page, message) => {
    expect(() => parseMetrics(page)).toThrow(message);
  });
});

describe('histograms', () => {
  const family = (lines: string): Family =>
    parseMetrics(`# HELP s d\n# TYPE s histogram\n${lines}\n`).get('s') as Family;

  test('gives the series with its buckets in order', () => {
    const [series] = histograms(parseMetrics(PAGE).get('seconds') as Family);
    expect(series).toEqual({
      labels: { method: 'GET' },
      buckets: [
        { le: '0.1', count: 1 },
        { le: '+Inf', count: 3 },
      ],
      sum: 0.5,
      count: 3,
    });
  });

  test.each([
    ['buckets that fall', 's_bucket{le="1"} 2\ns_bucket{le="+Inf"} 1\ns_sum 1\ns_count 1'],
    ['no +Inf', 's_bucket{le="1"} 1\ns_sum 1\ns_count 1'],
    ['+Inf that is not the count', 's_bucket{le="+Inf"} 1\ns_sum 1\ns_count 2'],
  ])('refuses %s', (_, lines) => {
    expect(() => histograms(family(lines))).toThrow();
  });
});
