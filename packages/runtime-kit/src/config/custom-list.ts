import { isMap, isScalar, isSeq, parseDocument, stringify } from 'yaml';
import type { CustomRuntime } from '../catalog/index.js';
import { RuntimeKitError } from '../errors.js';

/**
 * The text of `runtime-kit.config.yaml` with one more custom runtime, all else byte for byte.
 *
 * @throws RuntimeKitError CONFIG_INVALID where the list is written in brackets
 */
export function withCustomRuntime(text: string, file: string, custom: CustomRuntime): string {
  const { contents } = parseDocument(text);
  const items = isMap(contents) ? contents.items : [];
  const list = items.find(({ key }) => isScalar(key) && key.value === 'customRuntimes')?.value;
  if (list === undefined) return `${endedLine(text)}${block({ customRuntimes: [custom] }, 0)}`;
  const [start, end] = (isSeq(list) && list.range) || [0, 0];
  if (!isSeq(list) || (list.flow && list.items.length > 0))
    throw new RuntimeKitError('CONFIG_INVALID', `${file}: customRuntimes is no list of lines`, {
      hint: 'write each runtime on lines of its own that begin with a dash',
    });
  const column = list.flow ? 2 : start - (text.lastIndexOf('\n', start - 1) + 1);
  const before = list.flow ? text.slice(0, start) : text.slice(0, end);
  const after = text.slice(end);
  const line = before.endsWith('\n') ? 0 : after.indexOf('\n') + 1 || after.length;
  const head = endedLine(before + after.slice(0, line));
  return head + block([custom], column) + after.slice(line);
}

function block(value: unknown, column: number): string {
  const pad = ' '.repeat(column);
  return stringify(value, { lineWidth: 0 }).replace(/^(?=.)/gm, pad);
}

function endedLine(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
