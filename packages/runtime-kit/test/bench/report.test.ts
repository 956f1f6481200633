import { describe, expect, test } from 'vitest';
import { compareResults, differencesOf } from '../../src/bench/report/compare.js';
import { judgeBudgets, judgeGoals, ourVoids } from '../../src/bench/report/judge.js';
import { intoPage, renderMarkdown } from '../../src/bench/report/markdown.js';
import { type LoadRun, type PacedRun, resultSchema } from '../../src/bench/report/schema.js';
import { summarize } from '../../src/bench/report/summarize.js';
import { warningsOf } from '../../src/bench/report/warnings.js';
import { renderResult } from '../../src/cli/bench-text.js';
import { sampleResult } from './sample.js';

const sample = sampleResult();

test('the sample is a result as it is kept', () => {
  expect(resultSchema.parse(JSON.parse(JSON.stringify(sample)))).toEqual(sample);
});

describe('shown whole', () => {
  test('on a terminal, with an earlier run', async () => {
    await expect(`${renderResult(sample, sampleResult(0.8))}\n`).toMatchFileSnapshot(
      'golden/terminal.txt',
    );
  });

  test('as Markdown', async () => {
    const charts = [{ title: 'hello: requests per second', path: 'benchmarks/hello.svg' }];
    await expect(renderMarkdown(sample, { charts })).toMatchFileSnapshot('golden/report.md');
  });
});

describe('the summary', () => {
  const [runtime] = summarize(sample);
  const contender = (id: string) => runtime?.contenders.find(({ info }) => info.contender === id);

  test('pairs within rounds', () => {
    const ratio = contender('bare')?.scenarios[0]?.throughputRatio;
    expect(ratio?.count).toBe(5);
    expect(ratio?.median).toBeCloseTo(8200 / 10_240);
  });

  test('leaves void runs out and says why', () => {
    const hello = contender('framework')?.scenarios[0];
    expect(hello?.throughput).toEqual({ median: 2015, low: 2000, high: 2040, count: 4 });
    expect(hello?.voids).toEqual(['errors under load: 7 × timeout']);
  });

  test('holds starts against the static binary', () => {
    expect(contender('ours')?.startOverStaticMs).toBe(130);
  });
});

describe('goals and budgets', () => {
  test('are met or missed by the median of the pairs', () => {
    expect(judgeGoals(summarize(sample)).map(({ what, met }) => [what, met])).toEqual([
      ['throughput, ours / bare Toy', true],
      ['p99 at half of the peak, ours / bare Toy', true],
      ['cold start, ours / bare Toy', true],
      ['throughput, ours / Toy Framework', true],
    ]);
    const slower = judgeGoals(summarize(sampleResult(0.5)));
    expect(slower.map(({ met }) => met)).toEqual([false, false, true, false]);
  });

  test('of twice the workers: by what it serves more than half as many', () => {
    const [ours, ...others] = sample.targets;
    const twice = {
      ...(ours as NonNullable<typeof ours>),
      key: 'toy1/twice-the-workers',
      contender: 'twice-the-workers',
      title: 'Toy runtime, 2 workers',
      workers: 2,
      goals: { twiceTheWorkers: 1.7 },
    };
    const run = (target: string, throughput: number): LoadRun => ({
      target: `toy1/${target}`,
      scenario: 'work',
      round: 0,
      at: sample.started,
      throughput,
    });
    const served = (one: number, two: number) =>
      judgeGoals(
        summarize({
          ...sample,
          settings: { ...sample.settings, scenarios: ['work'] },
          targets: [ours as NonNullable<typeof ours>, twice, ...others],
          loads: [run('ours', one), run('twice-the-workers', two)],
        }),
      ).find(({ what }) => what.startsWith('throughput of work'));
    expect(served(100, 180)).toMatchObject({
      measured: expect.closeTo(1.8),
      met: true,
    });
    expect(served(100, 160)).toMatchObject({
      measured: expect.closeTo(1.6),
      met: false,
    });
  });

  test('that nothing was measured for are not met', () => {
    const without = { ...sample, starts: [], loads: [] };
    expect(judgeBudgets(summarize(without)).map(({ met, measured }) => [met, measured])).toEqual([
      [false, undefined],
      [false, undefined],
    ]);
  });

  test('over budget', () => {
    expect(
      judgeBudgets(summarize(sample)).map(({ measured, wanted, met }) => [measured, wanted, met]),
    ).toEqual([
      [18, 20, true],
      [130, 100, false],
    ]);
  });

  test('void runs of our own image are named', () => {
    const [first, ...rest] = sample.loads;
    const broken = {
      ...sample,
      loads: [{ ...(first as NonNullable<typeof first>), void: 'wrong answer: "x"' }, ...rest],
    };
    expect(ourVoids(sample)).toEqual([]);
    expect(ourVoids(broken)).toEqual(['toy1/ours (hello, round 1): wrong answer: "x"']);
  });
});

describe('against an earlier run', () => {
  const verdicts = (before: typeof sample, now: typeof sample) =>
    Object.fromEntries(
      compareResults(before, now).map(({ target, what, verdict }) => [
        `${target} ${what}`,
        verdict,
      ]),
    );

  test('what does not overlap has changed, the rest is noise', () => {
    const found = verdicts(sampleResult(0.8), sample);
    expect(found['toy1/ours hello: requests/s']).toBe('better');
    expect(found['toy1/ours hello: CPU µs/request']).toBe('better');
    expect(found['toy1/bare hello: requests/s']).toBe('noise');
    expect(found['toy1/bare hello: ours / it']).toBe('better');
    expect(found['toy1/ours cold start ms']).toBe('noise');
  });

  test('slower is worse', () => {
    expect(verdicts(sample, sampleResult(0.8))['toy1/ours hello: requests/s']).toBe('worse');
  });

  test('a single round cannot tell', () => {
    const one = { ...sample, loads: sample.loads.filter(({ round }) => round === 0), starts: [] };
    expect(new Set(Object.values(verdicts(one, one)))).toEqual(new Set(['too few rounds']));
  });

  test('another machine is said', () => {
    const moved = { ...sample, machine: { ...sample.machine, processor: 'Other', cores: 8 } };
    expect(differencesOf(sample, moved)).toEqual([
      'processor: Test Processor then, Other now',
      'cores: 4 then, 8 now',
    ]);
  });
});

describe('warnings', () => {
  test('are absent where all is well', () => {
    expect(warningsOf(sample)).toEqual([]);
  });

  test('of runs in which somebody else had the processor, but not of functions that only wait', () => {
    const idle = sample.loads.map((run) => ({ ...run, serverCores: 0.3, loadCores: 0.1 }));
    expect(warningsOf({ ...sample, loads: idle }).join()).toContain(
      'in 14 of 25 runs neither server',
    );
  });

  test('of a rate that was not kept', () => {
    const [first, ...rest] = sample.loads;
    const paced = { ...(first?.paced as PacedRun), rate: 4000, achieved: 3700 };
    expect(warningsOf({ ...sample, loads: [{ ...(first as LoadRun), paced }, ...rest] })).toEqual([
      expect.stringContaining('in 1 of 15 runs at half of the peak fewer requests were answered'),
    ]);
  });

  test('of a busy machine, shared processors, a load tool at its limit and too few rounds', () => {
    const bad = {
      ...sample,
      machine: { ...sample.machine, busyCoresBefore: 1.5 },
      settings: { ...sample.settings, rounds: 1 },
      loads: sample.loads.map((run) => ({
        ...run,
        loadCores: 0.99,
        serverCores: 0.6,
        otherCores: 1,
      })),
    };
    expect(warningsOf(bad)).toHaveLength(4);
    expect(
      warningsOf({ ...bad, settings: { ...bad.settings, sharedCpus: true } }).join('\n'),
    ).toContain('server and load shared processors');
  });
});

describe('a page', () => {
  const block = '<!-- results: begin -->\nnew\n<!-- results: end -->\n';

  test('keeps its prose around the results', () => {
    const page = 'above\n<!-- results: begin -->\nold\n<!-- results: end -->\nbelow\n';
    expect(intoPage(page, 'new\n')).toBe(`above\n${block}below\n`);
  });

  test('without marks gets the results at its end; a new one is made', () => {
    expect(intoPage('prose\n', 'new\n')).toBe(`prose\n\n${block}`);
    expect(intoPage(undefined, 'new\n')).toBe(`# Benchmarks\n\n${block}`);
  });
});
