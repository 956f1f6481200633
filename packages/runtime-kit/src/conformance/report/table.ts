import Table from 'cli-table3';
import pc from 'picocolors';
import type { Report, RuleResult, Status, TargetResult } from './schema.js';

const SIGN: Record<Status, string> = {
  passed: pc.green('pass'),
  failed: pc.red('FAIL'),
  skipped: pc.yellow('skip'),
  gap: pc.yellow('gap '),
  inapplicable: pc.dim('n/a'),
};

/** The scorecard, a row a rule and a column a target, then what failed in full. */
export function renderTable(report: Report): string {
  const { targets } = report;
  const late = targets.flatMap(remeasured);
  const parts = [
    scorecard(report),
    ...targets.flatMap(failures),
    ...(late.length > 0 ? ['', ...late] : []),
    ...summary(report),
  ];
  return `${parts.join('\n')}\n`;
}

function scorecard({ targets }: Report): string {
  const table = new Table({
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    head: ['rule', ...targets.map(({ name }) => name)],
    style: { head: [], border: [] },
  });
  for (const [index, rule] of (targets[0]?.rules ?? []).entries())
    table.push([rule.id, ...targets.map((target) => cell(target.rules[index]))]);
  return table.toString();
}

function cell(rule: RuleResult | undefined): string {
  if (!rule) return '';
  if (rule.status === 'inapplicable') return SIGN.inapplicable;
  const passed = rule.cases.filter(({ status }) => status === 'passed').length;
  return `${SIGN[rule.status]} ${passed}/${rule.cases.length}`;
}

function failures(target: TargetResult): string[] {
  return target.rules.flatMap((rule) => [
    ...(rule.status === 'gap'
      ? ['', `${pc.yellow('gap')}  ${target.name} ${rule.id}: ${rule.gap}`]
      : []),
    ...rule.cases
      .filter(({ status }) => status === 'failed' && rule.status !== 'gap')
      .flatMap(({ name, message = '', log }) => [
        '',
        `${pc.red('FAIL')} ${target.name} ${pc.bold(rule.id)}: ${name}`,
        indent(message),
        ...(log ? [pc.dim(indent(`log of the server:\n${log}`))] : []),
      ]),
  ]);
}

/** What passed only when it had the machine to itself. */
function remeasured(target: TargetResult): string[] {
  return target.rules.flatMap(({ id, cases }) =>
    cases
      .filter(({ status, late }) => status === 'passed' && late !== undefined)
      .map(
        ({ name, late }) =>
          `${pc.yellow('late')} ${target.name} ${id}: ${name}: ${late}; in time when measured alone`,
      ),
  );
}

function summary({ targets }: Report): string[] {
  return [
    '',
    ...targets.map(({ name, summary: { passed, failed, skipped, gap, inapplicable } }) => {
      const rest = [
        ...(gap > 0 ? [`${gap} declared gaps`] : []),
        ...(skipped > 0 ? [`${skipped} skipped`] : []),
        ...(inapplicable > 0 ? [`${inapplicable} not applicable`] : []),
      ];
      return [`${name}: ${passed} rules passed`, `${failed} failed`, ...rest].join(', ');
    }),
  ];
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
