import type { CustomSeriesRenderItem, EChartsOption } from 'echarts';
import type { Spread } from '../statistics/describe.js';
import type { TargetInfo } from './schema.js';

export interface BarChart {
  title: string;
  subtitle: string;
  show: (value: number) => string;
  panels: { title: string; bars: Bar[] }[];
}

export interface Bar {
  label: string;
  kind: TargetInfo['kind'];
  /** The bar ends at the median, the whisker spans least and greatest. */
  spread: Spread;
}

export const WIDTH = 760;
const HEAD = 64;
const PANEL_HEAD = 34;
const BAR = 26;
const LABELS = 190;
/** Room for the number behind the longest bar. */
const NUMBERS = 110;

/** Of Okabe and Ito's palette, whose colours people with any colour vision tell apart. */
const COLOURS: Record<Bar['kind'], string> = {
  ours: '#0072b2',
  limit: '#999999',
  peer: '#e69f00',
  kubeless: '#d55e00',
  static: '#cccccc',
};

export function heightOf({ panels }: BarChart): number {
  return HEAD + panels.reduce((sum, panel) => sum + panelHeight(panel), 0) + 8;
}

function panelHeight({ bars }: BarChart['panels'][number]): number {
  return PANEL_HEAD + BAR * bars.length;
}

/** A chart in the words of echarts: a grid with two axes and two series for each panel. */
export function chartOption({ title, subtitle, show, panels }: BarChart): EChartsOption {
  const tops = panels.map(
    (_, index) => HEAD + panels.slice(0, index).reduce((sum, panel) => sum + panelHeight(panel), 0),
  );
  return {
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: { fontFamily: 'sans-serif' },
    title: [
      { text: title, subtext: subtitle, left: 8, top: 4 },
      ...panels.map((panel, index) => ({
        text: panel.title,
        left: 8,
        top: (tops[index] as number) + 6,
        textStyle: { fontSize: 13 },
      })),
    ],
    grid: panels.map(({ bars }, index) => ({
      left: LABELS,
      right: NUMBERS,
      top: (tops[index] as number) + PANEL_HEAD - 4,
      height: BAR * bars.length,
    })),
    xAxis: panels.map((_, index) => ({
      type: 'value' as const,
      silent: true,
      gridIndex: index,
      min: 0,
      axisLabel: { show: false },
      splitLine: { show: false },
    })),
    yAxis: panels.map(({ bars }, index) => ({
      type: 'category' as const,
      silent: true,
      gridIndex: index,
      inverse: true,
      data: bars.map(({ label }) => label),
      axisTick: { show: false },
      axisLabel: { color: '#333333' },
    })),
    series: panels.flatMap(({ bars }, index) => [
      {
        type: 'bar' as const,
        silent: true,
        xAxisIndex: index,
        yAxisIndex: index,
        barWidth: 16,
        data: bars.map(({ kind, spread }) => ({
          value: spread.median,
          itemStyle: { color: COLOURS[kind] },
        })),
      },
      {
        type: 'custom' as const,
        silent: true,
        xAxisIndex: index,
        yAxisIndex: index,
        z: 3,
        renderItem: whiskerAndNumber(bars, show),
        encode: { x: [0, 1], y: 2 },
        data: bars.map(({ spread }, bar) => [spread.low, spread.high, bar]),
      },
    ]),
  };
}

/** The number stands behind the whisker, not the bar, so that the two never meet. */
function whiskerAndNumber(bars: Bar[], show: BarChart['show']): CustomSeriesRenderItem {
  return (_, api) => {
    const bar = bars[Number(api.value(2))] as Bar;
    const [left = 0, y = 0] = api.coord([api.value(0), api.value(2)]);
    const [right = 0] = api.coord([api.value(1), api.value(2)]);
    const style = { stroke: '#333333', lineWidth: 1 };
    const line = (x1: number, y1: number, x2: number, y2: number) => ({
      type: 'line' as const,
      shape: { x1, y1, x2, y2 },
      style,
    });
    const whisker =
      bar.spread.count > 1
        ? [
            line(left, y, right, y),
            line(left, y - 4, left, y + 4),
            line(right, y - 4, right, y + 4),
          ]
        : [];
    const number = {
      type: 'text' as const,
      style: {
        text: show(bar.spread.median),
        x: right + 8,
        y: y - 6,
        fill: '#333333',
        fontSize: 12,
      },
    };
    return { type: 'group' as const, children: [...whisker, number] };
  };
}
