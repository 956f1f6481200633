import { describe, expect, test } from 'vitest';
import { chooseCores, parseCpuList } from '../../src/bench/plan/cores.js';
import { estimateSeconds, planSteps } from '../../src/bench/plan/plan.js';
import { SCENARIOS } from '../../src/bench/scenarios.js';

const target = (runtime: string, contender: string, scenarios: readonly string[] = SCENARIOS) => ({
  key: `${runtime}/${contender}`,
  runtime,
  contender,
  scenarios: scenarios as typeof SCENARIOS,
  starts: true,
});

const TOYS = [target('toy1', 'ours'), target('toy1', 'bare'), target('toy1', 'peer', ['hello'])];

describe('the plan', () => {
  test('takes contenders in turn, each round from the next one on', () => {
    const steps = planSteps({ targets: TOYS, scenarios: ['hello', 'json'], rounds: 2, starts: 0 });
    expect(
      steps.map(
        ({ round, target: key, ...step }) =>
          `${round} ${'scenario' in step && step.scenario} ${key}`,
      ),
    ).toEqual([
      '0 hello toy1/ours',
      '0 hello toy1/bare',
      '0 hello toy1/peer',
      '0 json toy1/ours',
      '0 json toy1/bare',
      '1 hello toy1/bare',
      '1 hello toy1/peer',
      '1 hello toy1/ours',
      '1 json toy1/bare',
      '1 json toy1/ours',
    ]);
  });

  test('spreads the starts over the rounds and numbers them, so that they make pairs', () => {
    const steps = planSteps({ targets: TOYS, scenarios: [], rounds: 3, starts: 4 });
    const repeats = steps.flatMap((step) => (step.kind === 'start' ? [step] : []));
    expect(repeats.map(({ round, repeat }) => `${round}:${repeat}`)).toEqual(
      ['0:0', '1:1', '2:2', '2:3'].flatMap((one) => [one, one, one]),
    );
    for (const repeat of [0, 1, 2, 3]) {
      const keys = repeats.filter((step) => step.repeat === repeat).map((step) => step.target);
      expect(keys.sort()).toEqual(['toy1/bare', 'toy1/ours', 'toy1/peer']);
    }
  });

  test('measures every runtime in every round', () => {
    const targets = [...TOYS, target('other2', 'ours')];
    const steps = planSteps({ targets, scenarios: ['wait'], rounds: 2, starts: 0 });
    expect(steps.map(({ round, runtime }) => `${round} ${runtime}`)).toEqual([
      '0 toy1',
      '0 toy1',
      '0 other2',
      '1 toy1',
      '1 toy1',
      '1 other2',
    ]);
  });

  test('starts only what is to be started', () => {
    const targets = [...TOYS, { ...target('toy1', 'twice-the-workers', ['work']), starts: false }];
    const steps = planSteps({ targets, scenarios: ['work'], rounds: 1, starts: 1 });
    const keys = (kind: string) =>
      steps.filter((step) => step.kind === kind).map((step) => step.target);
    expect(keys('start')).toEqual(['toy1/ours', 'toy1/bare', 'toy1/peer']);
    expect(keys('load')).toEqual(['toy1/ours', 'toy1/bare', 'toy1/twice-the-workers']);
  });

  test('says how long it takes: paced runs take their time twice', () => {
    const steps = planSteps({
      targets: TOYS.slice(0, 1),
      scenarios: ['hello'],
      rounds: 1,
      starts: 2,
    });
    const timing = { warmUpS: 2, durationS: 10 };
    const plain = estimateSeconds(steps, { ...timing, paced: () => false });
    expect(plain).toBeGreaterThan(12);
    expect(estimateSeconds(steps, { ...timing, paced: () => true })).toBe(plain + 20);
  });
});

describe('processors', () => {
  test.each([
    ['two cores', [[0], [1]], 1, { server: '1', load: '0', loadThreads: 1, shared: false }],
    [
      'two cores, two workers',
      [[0], [1]],
      2,
      { server: '0,1', load: '0,1', loadThreads: 2, shared: true },
    ],
    [
      'four cores of two threads: none shares a core',
      [
        [0, 4],
        [1, 5],
        [2, 6],
        [3, 7],
      ],
      1,
      { server: '3', load: '2', loadThreads: 1, shared: false },
    ],
    [
      'two workers get two cores',
      [
        [0, 4],
        [1, 5],
        [2, 6],
        [3, 7],
      ],
      2,
      { server: '2,3', load: '0,1', loadThreads: 2, shared: false },
    ],
    [
      'more workers than other cores',
      [
        [0, 4],
        [1, 5],
        [2, 6],
        [3, 7],
      ],
      5,
      { server: '3,4,5,6,7', load: '0,1,2', loadThreads: 3, shared: false },
    ],
    [
      'one core of two threads',
      [[0, 1]],
      1,
      { server: '1', load: '0', loadThreads: 1, shared: false },
    ],
    ['one processor', [[0]], 1, { server: '0', load: '0', loadThreads: 1, shared: true }],
  ])('%s', (_name, physical, workers, expected) => {
    expect(chooseCores(physical, workers)).toEqual(expected);
  });

  test('lists as the kernel writes them', () => {
    expect(parseCpuList('0,4\n')).toEqual([0, 4]);
    expect(parseCpuList('0-2,7')).toEqual([0, 1, 2, 7]);
  });
});
