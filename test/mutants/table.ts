import type { Report } from '../../packages/runtime-kit/src/conformance/index.js';
import { IMAGE_MUTANTS } from './image-mutants.js';
import { MUTANTS, TIED } from './mutants.js';

/** What the suite found of one mutant. */
export interface Row {
  mutant: string;
  /** The rules on which it must fail, its own first. */
  expected: string[];
  /** The rules on which it failed. */
  failed: string[];
  /** For each rule that should not have failed, or should have: what the suite said. */
  differences: string[];
}

export interface Table {
  rows: Row[];
  /** Names each row that is not as it must be, and why. */
  wrong: string[];
  /** Names each mutant that was not verified. */
  missing: string[];
}

/** The rules on which a mutant must fail, its own first. */
export function rowOf(mutant: string): string[] {
  const ofProcess = Object.keys(MUTANTS).find((id) => MUTANTS[id]?.includes(mutant));
  const ofImage = Object.keys(IMAGE_MUTANTS).find((id) =>
    IMAGE_MUTANTS[id]?.some(({ name }) => name === mutant),
  );
  const rule = ofProcess ?? ofImage;
  if (rule === undefined) throw new Error(`no rule has the mutant ${mutant}`);
  return [rule, ...(TIED[mutant] ?? [])];
}

/** Sets what the suite found beside what it must find. */
export function judge(report: Report, mutants: string[]): Table {
  const found = new Map(report.targets.map((target) => [target.name, target]));
  const rows = mutants.flatMap((mutant) => {
    const target = found.get(mutant);
    return target ? [rowFor(mutant, target)] : [];
  });
  return {
    rows,
    wrong: rows
      .filter(({ differences }) => differences.length > 0)
      .map(({ mutant, differences }) => `${mutant}: ${differences.join('; ')}`),
    missing: mutants.filter((mutant) => !found.has(mutant)).map((one) => `no result of ${one}`),
  };
}

function rowFor(mutant: string, { rules }: Report['targets'][number]): Row {
  const expected = rowOf(mutant);
  const failed = rules.filter(({ status }) => status === 'failed').map(({ id }) => id);
  const survived = expected.filter((rule) => !failed.includes(rule));
  const extra = rules.filter(({ id }) => failed.includes(id) && !expected.includes(id));
  return {
    mutant,
    expected,
    failed,
    differences: [
      ...survived.map((rule) => `must fail ${rule} and did not`),
      ...extra.map(({ id, cases }) => {
        const { name, message = '' } = cases.find(({ status }) => status === 'failed') ?? {};
        return `must not fail ${id}, and did: ${name}: ${message}`;
      }),
    ],
  };
}

/** What failed, for a target on which nothing may fail. */
export function failuresOf(targets: Report['targets']): string[] {
  const failed = targets.flatMap(({ rules }) => rules.filter(({ status }) => status === 'failed'));
  return failed.flatMap(({ id, cases }) =>
    cases
      .filter(({ status }) => status === 'failed')
      .map(({ name, message }) => `${id}: ${name}: ${message}`),
  );
}

/** The table as text: a line for each mutant, and how many there are of what. */
export function render({ rows, wrong, missing }: Table): string {
  const width = Math.max(...rows.map(({ mutant }) => mutant.length));
  const lines = rows.map(({ mutant, failed, differences }) =>
    [
      mutant.padEnd(width),
      failed.join(', ') || '(nothing)',
      ...(differences.length > 0 ? ['WRONG'] : []),
    ].join('  '),
  );
  const covered = new Set(rows.map(({ expected }) => expected[0])).size;
  const counts = [
    `${rows.length} mutants`,
    `${covered} rules broken`,
    `${wrong.length} wrong rows`,
    `${missing.length} missing rows`,
  ];
  return [...lines, counts.join(', ')].join('\n');
}
