import { expect, test } from 'vitest';
import { chartsOf, renderCharts } from '../../src/bench/report/charts.js';
import { summarize } from '../../src/bench/report/summarize.js';
import { sampleResult } from './sample.js';

const runtimes = summarize(sampleResult());

test('there is a chart for each scenario that was measured, one of starts, one of memory', () => {
  expect(chartsOf(runtimes).map(({ name, chart }) => [name, chart.panels[0]?.bars.length])).toEqual(
    [
      ['hello', 3],
      ['wait', 2],
      ['start', 4],
      ['memory', 3],
    ],
  );
});

test('a chart is a whole SVG document, the same each time', async () => {
  const [hello] = await renderCharts(runtimes);
  await expect(hello?.text ?? '').toMatchFileSnapshot('golden/hello.svg');
});
