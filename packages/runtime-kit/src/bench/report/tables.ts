import { OURS, STATIC } from '../plan/plan.js';
import { type ScenarioName, scenarioOf } from '../scenarios.js';
import {
  mebibytes,
  median,
  microseconds,
  milliseconds,
  rate,
  times,
  withSpread,
} from './format.js';
import type { ContenderSummary, RuntimeSummary, ScenarioSummary } from './summarize.js';

/** Rows of text; how they are drawn is for the one who shows them. */
export interface TextTable {
  title: string;
  head: string[];
  rows: string[][];
}

/** One table for each scenario that a runtime was measured with. */
export function scenarioTables({ contenders }: RuntimeSummary): TextTable[] {
  const names = new Set(
    contenders.flatMap(({ scenarios }) => scenarios.map((one) => one.scenario)),
  );
  return [...names].map((name) => scenarioTable(contenders, name));
}

function scenarioTable(contenders: ContenderSummary[], name: ScenarioName): TextTable {
  const { title, connections, paced } = scenarioOf(name);
  const rows = contenders.flatMap(({ info, scenarios }) => {
    const summary = scenarios.find(({ scenario }) => scenario === name);
    return summary ? [scenarioRow(info.title, info.contender === OURS, summary, paced)] : [];
  });
  return {
    title: `${name}: ${title}, ${connections} connections`,
    head: [
      'server',
      'requests/s',
      'ours / it',
      'by CPU',
      'p50',
      'p99',
      'p99.9',
      ...(paced ? ['p99 at half'] : []),
      'CPU/request',
      'memory after',
    ],
    rows,
  };
}

function scenarioRow(
  title: string,
  isOurs: boolean,
  summary: ScenarioSummary,
  paced: boolean,
): string[] {
  const counted = summary.throughput?.count ?? 0;
  const notes = summary.voids.length > 0 ? ` (${summary.voids.length} void)` : '';
  return [
    title,
    counted === 0 ? 'void' : `${withSpread(summary.throughput, rate)}${notes}`,
    isOurs ? '' : withSpread(summary.throughputRatio, times),
    isOurs ? '' : median(summary.cpuRatio, times),
    median(summary.p50, milliseconds),
    withSpread(summary.p99, milliseconds),
    median(summary.p999, milliseconds),
    ...(paced ? [withSpread(summary.pacedP99, milliseconds)] : []),
    withSpread(summary.cpuMicroseconds, microseconds),
    median(summary.loadedBytes, mebibytes),
  ];
}

/** Starts, memory at rest and image size. */
export function footprintTable({ contenders }: RuntimeSummary): TextTable {
  return {
    title: 'start, memory and image',
    head: [
      'server',
      'cold start',
      'ours / it',
      'over static',
      'memory idle',
      'with code (PSS)',
      'image',
      'compressed',
    ],
    rows: contenders.map(({ info, startMs, startRatio, startOverStaticMs, ...memory }) => [
      info.title,
      withSpread(startMs, milliseconds),
      info.contender === OURS ? '' : median(startRatio, times),
      info.contender === STATIC || startOverStaticMs === undefined
        ? ''
        : milliseconds(startOverStaticMs),
      info.contender === STATIC ? '' : median(memory.idleBytes, mebibytes),
      info.contender === STATIC ? '' : median(memory.idleResidentBytes, mebibytes),
      info.image.throwAway ? '' : mebibytes(info.image.sizeBytes),
      info.image.compressedBytes === undefined ? '' : mebibytes(info.image.compressedBytes),
    ]),
  };
}
