import { oneLine } from './format.js';
import { judgeBudgets, judgeGoals, measuredOnly } from './judge.js';
import type { BenchResult } from './schema.js';
import { type RuntimeSummary, summarize } from './summarize.js';
import { footprintTable, scenarioTables, type TextTable } from './tables.js';
import { environmentLines, verdictTable } from './text.js';
import { warningsOf } from './warnings.js';

export interface MarkdownOptions {
  /** Charts to show: title to path, relative to the page. */
  charts?: { title: string; path: string }[];
}

/** Where a page of prose keeps its results: what stands between the two is replaced. */
export const BEGIN = '<!-- results: begin -->';
export const END = '<!-- results: end -->';

/** The whole result as Markdown, headings from the second level on. */
export function renderMarkdown(result: BenchResult, { charts = [] }: MarkdownOptions = {}): string {
  const runtimes = summarize(result);
  const goals = measuredOnly(judgeGoals(runtimes));
  const budgets = measuredOnly(judgeBudgets(runtimes));
  const parts = [
    '## Results',
    environmentLines(result)
      .map((line) => `- ${line}`)
      .join('\n'),
    ...warningsOf(result).map((warning) => `> **Warning:** ${warning}.`),
    ...charts.map(({ title, path }) => `![${title}](${path})`),
    ...(goals.length > 0 ? [table(verdictTable('Goals', goals))] : []),
    ...(budgets.length > 0 ? [table(verdictTable('Budgets', budgets))] : []),
    ...runtimes.flatMap(runtimeParts),
  ];
  return `${parts.join('\n\n')}\n`;
}

function runtimeParts(runtime: RuntimeSummary): string[] {
  const { contenders } = runtime;
  const voids = contenders.flatMap(({ info, scenarios, voids: starts }) =>
    [...new Set([...starts, ...scenarios.flatMap((one) => one.voids)])].map(
      (reason) => `- void, ${info.title}: ${oneLine(reason)}`,
    ),
  );
  return [
    `### ${runtime.runtime}`,
    contenders.map(({ info }) => `- **${info.title}**: ${info.source}`).join('\n'),
    ...scenarioTables(runtime).map((one) => table(one)),
    table(footprintTable(runtime)),
    ...(voids.length > 0 ? [voids.join('\n')] : []),
  ];
}

function table({ title, head, rows }: TextTable): string {
  const line = (cells: string[]) => `| ${cells.map(cell).join(' | ')} |`;
  const rule = `|${head.map((_, column) => (column === 0 ? '---' : '---:')).join('|')}|`;
  return [`**${title}**`, '', line(head), rule, ...rows.map(line)].join('\n');
}

function cell(text: string): string {
  return oneLine(text).replaceAll('|', '\\|');
}

/** Puts results into a page: between its marks, at its end where it has none, or as the whole of it. */
export function intoPage(page: string | undefined, results: string): string {
  const block = `${BEGIN}\n${results}${END}\n`;
  if (page === undefined) return `# Benchmarks\n\n${block}`;
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from === -1 || to < from) return `${page.trimEnd()}\n\n${block}`;
  return page.slice(0, from) + block + page.slice(to + END.length).replace(/^\n/, '');
}
