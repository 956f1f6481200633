import Table from 'cli-table3';
import pc from 'picocolors';
import type { FuzzReport, FuzzResult, InputRecord } from './report.js';

const LISTED = 40;
/** Characters of an input that are shown. */
const SHOWN = 1200;

/** What came of each target: inputs by what they are about, then what is wrong. */
export function renderFuzz(report: FuzzReport): string {
  const { seed, count, only } = report;
  const head = only === undefined ? `${count} inputs` : `input ${only}`;
  return `${[`${head}, seed ${seed}`, ...report.targets.map((one) => renderTarget(one, only))].join('\n\n')}\n`;
}

function renderTarget(result: FuzzResult, only: number | undefined): string {
  const { name, durationMs, goodCalls, violations, records, log } = result;
  const sign = violations.length === 0 ? pc.green('pass') : pc.red('FAIL');
  return [
    `${sign} ${pc.bold(name)} ${(durationMs / 1000).toFixed(0)} s, ${goodCalls} good calls between the inputs`,
    groups(result),
    ...(only === undefined ? [] : records.map(whole)),
    ...violations.slice(0, LISTED).map((violation) => `${pc.red('FAIL')} ${name} ${violation}`),
    ...(violations.length > LISTED
      ? [`${violations.length - LISTED} more; --json has all of them`]
      : []),
    ...(log ? [pc.dim(`log of the server:\n${log}`)] : []),
  ].join('\n');
}

function groups({ groups }: FuzzResult): string {
  const table = new Table({
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    head: ['group', 'inputs', 'refused', 'served', 'closed', 'failed', 'wrong'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const { group, inputs, refused, served, closed, failed, wrong } of groups)
    table.push([group, inputs, refused, served, closed, failed, wrong > 0 ? pc.red(wrong) : 0]);
  return table.toString();
}

function whole({ shape, sent, came }: InputRecord): string {
  return [`${pc.bold(shape)}`, 'sent:', quoted(sent), 'came:', quoted(came)].join('\n');
}

/** Bytes as they would stand in a string; line ends break the line too. */
function quoted(text: string): string {
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  const escaped = JSON.stringify(shown).slice(1, -1).replaceAll('\\n', '\\n\n');
  const rest = text.length > SHOWN ? ` (${text.length} bytes)` : '';
  return escaped
    .replaceAll(/[\u007f-\u00ff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`)
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')
    .concat(rest);
}
