/** A family of the page: what HELP and TYPE say of a name, and its samples in their order. */
export interface Family {
  name: string;
  help: string;
  type: string;
  samples: Sample[];
}

export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** The page breaks the text format 0.0.4; the message has the line. */
export class MalformedMetrics extends Error {
  override name = 'MalformedMetrics';
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const HELP = new RegExp(`^# HELP (${NAME}) (.+)$`);
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram|summary|untyped)$`);
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)(?: (-?\\d+))?$`);
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y;

/** A page as far as it can be understood, and what is wrong with it, each with its line. */
export interface Page {
  families: Map<string, Family>;
  problems: string[];
}

/**
 * Reads a page of the Prometheus text format more strictly than a scraper would: every family has
 * HELP and TYPE, once, before its samples; its samples stand together; no sample stands twice.
 */
export function readMetrics(page: string): Page {
  const reader = new Reader();
  if (!page.endsWith('\n')) reader.problems.push('the last line has no line end');
  const lines = page.replace(/\n$/, '').split('\n');
  for (const [index, line] of lines.entries()) reader.read(line, index + 1);
  return reader;
}

/** The same, of a page that must be without fault. @throws MalformedMetrics with its first problem. */
export function parseMetrics(page: string): Map<string, Family> {
  const { families, problems } = readMetrics(page);
  if (problems[0] !== undefined) throw new MalformedMetrics(problems[0]);
  return families;
}

class Reader implements Page {
  readonly families = new Map<string, Family>();
  readonly problems: string[] = [];
  private readonly seen = new Set<string>();
  private current: Family | undefined;

  read(line: string, number: number): void {
    try {
      this.readLine(line);
    } catch (error) {
      if (!(error instanceof MalformedMetrics)) throw error;
      this.problems.push(`line ${number}: ${error.message}: ${line}`);
    }
  }

  private readLine(line: string): void {
    if (line === '') return;
    const help = HELP.exec(line);
    const type = TYPE.exec(line);
    if (help) this.begin(help[1] as string).help = help[2] as string;
    else if (type) this.setType(type[1] as string, type[2] as string);
    else if (line.startsWith('# HELP ') || line.startsWith('# TYPE ')) refuse('malformed comment');
    else if (!line.startsWith('#')) this.addSample(line);
  }

  private begin(name: string): Family {
    if (this.families.has(name))
      refuse(`a second HELP for ${name}, or its samples do not stand together`);
    this.current = { name, help: '', type: '', samples: [] };
    this.families.set(name, this.current);
    return this.current;
  }

  private setType(name: string, type: string): void {
    if (this.current?.name !== name) refuse(`TYPE of ${name} without its HELP before it`);
    if (this.current.type !== '') refuse(`a second TYPE for ${name}`);
    this.current.type = type;
    if (this.current.samples.length > 0) refuse(`TYPE of ${name} after its samples`);
  }

  private addSample(line: string): void {
    const [, name = '', labelText = '', valueText = ''] =
      SAMPLE.exec(line) ?? refuse('not a sample');
    const family = this.current;
    if (!family || !belongs(name, family)) refuse(`${name} without its HELP and TYPE before it`);
    const sample = { name, labels: parseLabels(labelText), value: parseValue(valueText) };
    const key = JSON.stringify([name, Object.entries(sample.labels).sort()]);
    if (this.seen.has(key)) refuse('a second sample of the same name and labels');
    this.seen.add(key);
    family.samples.push(sample);
    if (family.type === '') refuse(`${name} has no TYPE`);
  }
}

const SUFFIXES: Record<string, string[]> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};

/** A family whose type is not known yet may have any of the suffixes. */
function belongs(name: string, { name: family, type }: Family): boolean {
  const suffixes = type === '' ? ['', '_bucket', '_sum', '_count'] : (SUFFIXES[type] ?? ['']);
  return suffixes.some((suffix) => name === family + suffix);
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const match = LABEL.exec(text) ?? refuse('malformed labels');
    const [, name = '', value = ''] = match;
    if (name in labels) refuse(`label ${name} stands twice`);
    labels[name] = value.replace(/\\(.)/g, (_, escaped: string) =>
      escaped === 'n' ? '\n' : escaped,
    );
  }
  return labels;
}

const WORDS: Record<string, number> = { '+Inf': Infinity, '-Inf': -Infinity, NaN: NaN };

function parseValue(text: string): number {
  if (text in WORDS) return WORDS[text] as number;
  const value = Number(text);
  return Number.isNaN(value) ? refuse('not a number') : value;
}

function refuse(reason: string): never {
  throw new MalformedMetrics(reason);
}
