import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments, parseDocument } from 'yaml';
import { parseConfigFile, withRuntimeImages } from '../../src/config/index.js';
import { kubelessText } from './sample.js';

const VALUE = JSON.stringify([{ ID: 'toy', versions: [] }], null, 2);

function carried(text: string, value = VALUE): string {
  return withRuntimeImages(parseConfigFile(text, 'file.yaml'), value);
}

test("of Kubeless's own ConfigMap all else stays byte for byte", async () => {
  const text = await kubelessText();
  const marker = 'runtime-images: |-  # made by hand\n';
  const start = text.indexOf(marker) + marker.length;
  const end = text.indexOf('\n    # for .zip functions');
  const out = carried(text);
  expect(out.slice(0, start)).toBe(text.slice(0, start));
  expect(out.endsWith(text.slice(end))).toBe(true);
  const [, before] = parseAllDocuments(text).map((one) => one.toJS());
  const [, after] = parseAllDocuments(out).map((one) => one.toJS());
  expect(after).toEqual({ ...before, data: { ...before.data, 'runtime-images': VALUE } });
});

/** A way to write a text as the value of a key at a column. */
interface Style {
  head: string;
  body: (value: string, column: number, lineBreak: string) => string;
  flow?: true;
}

const indented = (value: string, by: number, lineBreak: string) =>
  value
    .split('\n')
    .map((line) => lineBreak + ' '.repeat(by) + line)
    .join('');

const STYLES: Style[] = [
  ...['|', '|-', '|+', '>-', '>', '|- # theirs'].map((head) => ({
    head,
    body: (value: string, column: number, lineBreak: string) =>
      indented(value, column + 4, lineBreak) + lineBreak,
  })),
  {
    head: '|4-',
    body: (value, column, lineBreak) => indented(value, column + 4, lineBreak) + lineBreak,
  },
  { head: '', body: (_, __, lineBreak) => `   # theirs${lineBreak}` },
  {
    head: '|2-',
    body: (value, column, lineBreak) => indented(value, column + 2, lineBreak) + lineBreak,
  },
  { head: '', body: (value, _, lineBreak) => JSON.stringify(value) + lineBreak },
  {
    head: '',
    body: (value, _, lineBreak) => `'${value.replaceAll('\n', '')}'  # theirs${lineBreak}`,
  },
  { head: '!!str', body: (value, _, lineBreak) => ` ${JSON.stringify(value)}${lineBreak}` },
  { head: '&it', body: (value, _, lineBreak) => ` ${JSON.stringify(value)}${lineBreak}` },
  { head: '', body: (_, __, lineBreak) => lineBreak },
];

const key = fc.stringMatching(/^[a-z][a-z-]{0,11}$/).filter((name) => name !== 'runtime-images');
const oldValue = fc.constantFrom('[]', '[\n  {"ID": "a"}\n]', '- ID: a\n\n  versions: []');
const noise = fc.array(fc.constantFrom('', '   ', '# a comment', '$# as deep as keys'), {
  maxLength: 3,
});

const otherPair = fc
  .tuple(key, fc.constantFrom('"x"', "'it''s'", 'plain text  # why', '|-\n$    a\n$     b', '""'))
  .map(([name, value]) => ({ name, text: `${name}:  ${value}` }));

test('whatever a ConfigMap is written like, nothing outside of runtime-images changes', () => {
  fc.assert(
    fc.property(
      fc.record({
        column: fc.integer({ min: 1, max: 6 }),
        style: fc.constantFrom(...STYLES),
        old: oldValue,
        before: fc.uniqueArray(otherPair, { selector: ({ name }) => name, maxLength: 3 }),
        after: fc.uniqueArray(otherPair, { selector: ({ name }) => name, maxLength: 3 }),
        noises: fc.tuple(noise, noise, noise),
        lineBreak: fc.constantFrom('\n', '\r\n'),
        mark: fc.constantFrom('', '\ufeff'),
        quote: fc.constantFrom('', '"', "'"),
        dataFirst: fc.boolean(),
        value: fc.oneof(
          fc.constantFrom(VALUE, 'a\nb\n\nc'),
          fc.json().map((json) => JSON.stringify([json], null, 2)),
        ),
      }),
      ({ column, style, old, before, after, noises, lineBreak, mark, quote, dataFirst, value }) => {
        const pad = ' '.repeat(column);
        const names = new Set(before.map(({ name }) => name));
        const rest = after.filter(({ name }) => !names.has(name));
        const pairs = (list: typeof before) =>
          list
            .map(
              ({ text }) =>
                `${pad}${text.replaceAll('$', pad).replaceAll('\n', lineBreak)}${lineBreak}`,
            )
            .join('');
        const lines = (list: string[]) =>
          list.map((line) => line.replace('$', pad) + lineBreak).join('');
        const meta = `kind: ConfigMap${lineBreak}metadata: {name: kubeless-config}${lineBreak}`;
        const head = `${mark}${lines(noises[0])}${dataFirst ? '' : meta}data:${lineBreak}${pairs(before)}${lines(noises[1])}${pad}${quote}runtime-images${quote}:`;
        const tail = `${pairs(rest)}${lines(noises[2])}${dataFirst ? meta : ''}`;
        const text = `${head} ${style.head}${style.body(old, column, lineBreak)}${tail}`;
        fc.pre(parseDocument(text).errors.length === 0);
        const out = carried(text, value);
        expect(out.startsWith(head)).toBe(true);
        expect(out.endsWith(tail)).toBe(true);
        const between = out.slice(head.length, out.length - tail.length);
        expect(between).toMatch(/\S *\r?\n$/);
        expect(out.replaceAll(lineBreak, '')).not.toMatch(/[\r\n]/);
        const [was, is] = [parse(text), parse(out)];
        expect(is).toEqual({ ...was, data: { ...was.data, 'runtime-images': expect.any(String) } });
        expect(is.data['runtime-images'].trimEnd()).toBe(value);
        expect(carried(out, value)).toBe(out);
      },
    ),
    { numRuns: 500 },
  );
});

describe('a ConfigMap as JSON', () => {
  const object = {
    kind: 'ConfigMap',
    data: { a: 'b', 'runtime-images': '[]', c: 'd\n' },
  };

  test.each([undefined, 2, '\t'])('indented by %j stays JSON', (indent) => {
    const text = JSON.stringify(object, null, indent);
    const out = carried(text);
    const changed = { ...object, data: { ...object.data, 'runtime-images': VALUE } };
    expect(out).toBe(JSON.stringify(changed, null, indent));
  });
});

describe('a ConfigMap without the key gets it', () => {
  test('as a block', () => {
    const out = carried('kind: ConfigMap\ndata: # theirs\n  # of a\n  a: b\n');
    expect(out.replace(/ {2}runtime-images: \|-\n(?: {4}.*\n)+/, '')).toBe(
      'kind: ConfigMap\ndata: # theirs\n  # of a\n  a: b\n',
    );
    expect(parse(out).data).toEqual({ a: 'b', 'runtime-images': VALUE });
  });

  test('with the line breaks of the file', () => {
    const out = carried('kind: ConfigMap\r\ndata:\r\n  a: b\r\n');
    expect(out.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(parse(out).data).toEqual({ a: 'b', 'runtime-images': VALUE });
  });

  test.each(['{}', '{"a": "b"}'])('in %s', (data) => {
    const out = carried(`{"kind": "ConfigMap", "data": ${data}}`);
    expect(JSON.parse(out).data).toEqual({ ...JSON.parse(data), 'runtime-images': VALUE });
  });
});

describe('refused', () => {
  test.each([
    ['a list of runtimes', '[]', 'is a list of runtimes, and no ConfigMap'],
    ['another object', 'kind: Secret', 'there is no ConfigMap'],
    ['nothing', '', 'there is no ConfigMap'],
    ['no data', 'kind: ConfigMap', 'the ConfigMap has no data'],
    ['data of text', 'kind: ConfigMap\ndata: x', 'the ConfigMap has no data'],
    ['bad syntax', 'kind: ConfigMap\ndata: {', 'line 2: '],
    [
      'the key twice',
      'kind: ConfigMap\ndata:\n  runtime-images: a\n  runtime-images: b',
      'line 4: ',
    ],
    ['a list as value', 'kind: ConfigMap\ndata:\n  runtime-images: []', 'is no text'],
    [
      'two of them',
      'kind: ConfigMap\ndata: {a: b}\n---\nkind: ConfigMap\ndata: {a: b}',
      '2 ConfigMaps that could be meant',
    ],
  ])('%s', (_, text, message) => {
    expect(() => carried(text)).toThrow(`file.yaml`);
    expect(() => carried(text)).toThrow(message);
  });

  test('among several the one with the name is meant', () => {
    const text = `kind: ConfigMap\ndata: {runtime-images: ''}\n---\nkind: ConfigMap\nmetadata: {name: kubeless-config}\ndata: {runtime-images: 'x'}\n`;
    expect(parseConfigFile(text, 'f').images).toBe('x');
  });
});
