import { isScalar, type Node, type Pair, type Scalar } from 'yaml';
import { type ConfigFile, type ConfigMapNodes, IMAGES_KEY, invalidConfigMap } from './document.js';

/**
 * The text of a ConfigMap with another value of `runtime-images`, all else byte for byte. A block of text
 * stays one, a quoted text too; a ConfigMap without the key gets it at the head of its data.
 *
 * @throws RuntimeKitError CONFIGMAP_INVALID where the file is no ConfigMap
 */
export function withRuntimeImages({ file, text, configMap }: ConfigFile, value: string): string {
  if (!configMap)
    throw invalidConfigMap(
      `${file} is a list of runtimes, and no ConfigMap`,
      'there is nothing to carry over from it: leave --from out',
    );
  const { start, end, replacement } = configMap.imagesPair
    ? replaced(text, configMap.imagesPair, value)
    : inserted(text, configMap, value);
  return text.slice(0, start) + replacement + text.slice(end);
}

interface Edit {
  start: number;
  end: number;
  replacement: string;
}

function replaced(text: string, { key, value: old }: Pair, value: string): Edit {
  const [, keyEnd] = rangeOf(key);
  const [start, end] = rangeOf(old);
  if (start === end) {
    const colon = text.indexOf(':', keyEnd) + 1;
    return { start: colon, end: colon, replacement: ` ${JSON.stringify(value)}` };
  }
  if (isScalar(old) && (old.type === 'BLOCK_LITERAL' || old.type === 'BLOCK_FOLDED'))
    return block(text, columnOf(text, rangeOf(key)[0]), old, value);
  return { start, end, replacement: JSON.stringify(value) };
}

/** Of the header only what has to go changes; blank lines below the text stay. */
function block(text: string, column: number, { range }: Scalar, value: string): Edit {
  const [start, end] = range ?? [0, 0];
  const old = text.slice(start, end);
  const [header = '', comment = '', lineBreak = ''] =
    /^(\S+)([^\r\n]*)(\r?\n)?/.exec(old)?.slice(1) ?? [];
  const indent = ' '.repeat(column + 2);
  const blank = new RegExp(`\\n((?: {0,${column + 2}}\\r?\\n)* {0,${column + 2}})$`).exec(old)?.[1];
  const endOfLine = lineBreak || '\n';
  const lines = value.split('\n').map((line) => indent + line);
  const head = `${header.replace('>', '|').replace(/\d/, '')}${comment}${endOfLine}`;
  const isEnded = blank !== undefined;
  return {
    start,
    end,
    replacement: head + lines.join(endOfLine) + (isEnded ? endOfLine + blank : ''),
  };
}

function inserted(text: string, { dataPair, data }: ConfigMapNodes, value: string): Edit {
  const [first] = data.items;
  const [start] = rangeOf(data);
  if (data.flow) {
    const pair = `"${IMAGES_KEY}": ${JSON.stringify(value)}${first ? ', ' : ''}`;
    return { start: start + 1, end: start + 1, replacement: pair };
  }
  const column = columnOf(text, rangeOf(first?.key)[0]);
  const line = text.indexOf('\n', rangeOf(dataPair.key)[1]) + 1;
  const endOfLine = text[line - 2] === '\r' ? '\r\n' : '\n';
  const pad = ' '.repeat(column);
  const lines = [`${IMAGES_KEY}: |-`, ...value.split('\n').map((one) => `  ${one}`)];
  const replacement = lines.map((one) => pad + one + endOfLine).join('');
  return { start: line, end: line, replacement };
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

function rangeOf(node: unknown): [number, number] {
  const [start, end] = (node as Node | undefined)?.range ?? [0, 0];
  return [start, end];
}
