import Table from 'cli-table3';

/** stdout is for what a command answers; stderr for how it gets there. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

export function printTable(head: string[], rows: string[][]): void {
  print(renderTable(head, rows));
}

/** A table without lines, as kubectl and docker print them. */
export function renderTable(head: string[], rows: string[][]): string {
  const table = new Table({
    head: head.map((title) => title.toUpperCase()),
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 3 },
  });
  // A short row would get an empty line below it.
  table.push(...rows.map((row) => head.map((_, column) => row[column] ?? '')));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};

export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
