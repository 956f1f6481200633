import { RuntimeKitError } from '../../errors.js';
import { OURS, STATIC } from '../plan/plan.js';
import { SCENARIOS, scenarioOf } from '../scenarios.js';
import type { Spread } from '../statistics/describe.js';
import { type BarChart, chartOption, heightOf, WIDTH } from './chart-option.js';
import { mebibytes, milliseconds, rate } from './format.js';
import type { ContenderSummary, RuntimeSummary } from './summarize.js';

export interface Chart {
  title: string;
  /** File name without suffix. */
  name: string;
  /** A whole SVG document. */
  text: string;
}

/**
 * Draws the result: a chart for each scenario, one of starts, one of memory; each with a panel for
 * each runtime, since languages are not in competition with each other.
 *
 * @throws RuntimeKitError TOOL_MISSING without the charting library, which is no dependency: it is
 *   larger than everything else together, and only this needs it.
 */
export async function renderCharts(runtimes: RuntimeSummary[]): Promise<Chart[]> {
  const { init } = await loadLibrary();
  return chartsOf(runtimes).map(({ name, chart }) => {
    const view = init(null, null, {
      renderer: 'svg',
      ssr: true,
      width: WIDTH,
      height: heightOf(chart),
    });
    view.setOption(chartOption(chart));
    const text = view.renderToSVGString();
    view.dispose();
    return { title: chart.title, name, text: withTitle(text, chart.title) };
  });
}

/** What a screen reader says of it; the library's own title is drawn text. */
function withTitle(svg: string, title: string): string {
  return `${svg.replace('>', ` role="img">\n<title>${title}</title>`)}\n`;
}

async function loadLibrary(): Promise<Pick<typeof import('echarts'), 'init'>> {
  try {
    return await import('echarts');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new RuntimeKitError('TOOL_MISSING', 'charts need the npm package echarts', {
      hint: 'npm install echarts@6 beside runtime-kit, or leave --svg out',
      cause: error,
    });
  }
}

/** What is drawn, without anything of how. Charts that would be empty are left out. */
export function chartsOf(runtimes: RuntimeSummary[]): { name: string; chart: BarChart }[] {
  const scenarios = SCENARIOS.map((name) => {
    const { title, connections } = scenarioOf(name);
    return {
      name,
      chart: {
        title: `${name}: requests per second`,
        subtitle: `${title}, ${connections} connections; more is better`,
        show: rate,
        panels: panelsOf(runtimes, ({ scenarios: all }) => {
          return all.find(({ scenario }) => scenario === name)?.throughput;
        }),
      },
    };
  });
  const start = {
    title: 'Cold start',
    subtitle: 'from creating the container to its first answer; less is better',
    show: milliseconds,
    panels: panelsOf(runtimes, ({ startMs }) => startMs),
  };
  const memory = {
    title: 'Memory of an idle server',
    subtitle: 'what counts towards the limit of its container; less is better',
    show: mebibytes,
    panels: panelsOf(runtimes, ({ info, idleBytes }) =>
      info.contender === STATIC ? undefined : idleBytes,
    ),
  };
  return [...scenarios, { name: 'start', chart: start }, { name: 'memory', chart: memory }].filter(
    ({ chart }) => chart.panels.length > 0,
  );
}

function panelsOf(
  runtimes: RuntimeSummary[],
  pick: (contender: ContenderSummary) => Spread | undefined,
): BarChart['panels'] {
  return runtimes.flatMap(({ runtime, contenders }) => {
    const bars = contenders.flatMap((contender) => {
      const spread = pick(contender);
      const { contender: id, title, kind } = contender.info;
      return spread ? [{ label: id === OURS ? 'runtime-kit' : title, kind, spread }] : [];
    });
    return bars.length > 0 ? [{ title: runtime, bars }] : [];
  });
}
