import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { RuntimeKitError } from '../errors.js';
import { contradictions, type Problem } from './check.js';
import { type Manifest, manifestSchema } from './schema.js';

/**
 * Reads one `runtime.yaml`.
 *
 * @throws RuntimeKitError MANIFEST_INVALID with every problem of the file, one a line.
 */
export async function loadManifest(file: string): Promise<Manifest> {
  const text = await readFile(file, 'utf8');
  return parseManifest(text, file);
}

export function parseManifest(text: string, file: string): Manifest {
  const document = parseYaml(text, file, 'MANIFEST_INVALID');
  const parsed = manifestSchema.safeParse(document);
  const wrong = parsed.success ? [] : problemsOf(parsed.error);
  const found = [...wrong, ...contradictions(document)];
  if (!parsed.success || found.length > 0) throw invalid('MANIFEST_INVALID', file, found);
  return parsed.data;
}

type DocumentCode = 'MANIFEST_INVALID' | 'CONFIG_INVALID';

/** YAML text to plain values; every syntax error is reported with its line. */
export function parseYaml(text: string, file: string, code: DocumentCode): unknown {
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ message, linePos }) => ({
      path: `line ${linePos?.[0].line ?? 1}`,
      message: (message.split('\n')[0] ?? message).replace(/ at line .*$/, ''),
    }));
    throw invalid(code, file, problems);
  }
  return document.toJS();
}

/** zod's issues as our problems: unknown keys one by one, paths as `versions[0].suite`. */
export function problemsOf(error: z.ZodError): Problem[] {
  return error.issues.flatMap((issue) => {
    const path = pathText(issue.path);
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
    return issue.keys.map((key) => ({
      path: pathText([...issue.path, key]),
      message: 'unknown key',
    }));
  });
}

function pathText(path: PropertyKey[]): string {
  return (
    path.reduce<string>(
      (text, part) =>
        typeof part === 'number' ? `${text}[${part}]` : `${text}${text && '.'}${String(part)}`,
      '',
    ) || '(whole file)'
  );
}

export function invalid(code: DocumentCode, file: string, problems: Problem[]): RuntimeKitError {
  const lines = problems.map(({ path, message }) => `  ${file}: ${path}: ${message}`);
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return new RuntimeKitError(code, `${count} in ${file}\n${lines.join('\n')}`, {
    hint: 'docs/adding-a-runtime.md describes every field',
  });
}
