import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { messageOf } from '../errors.js';
import { problemsOf } from '../manifest/load.js';
import { canonical } from './canonical.js';
import { error, type Finding, warning } from './finding.js';
import { type RuntimeImages, runtimeImagesSchema } from './structure.js';

/** What the controller would make of a text, and where the text is not as the structure wants it. */
export interface ReadImages {
  runtimes: RuntimeImages;
  findings: Finding[];
}

/**
 * Reads a `runtime-images` value, JSON or YAML, whoever wrote it. What cannot be read is left out and told
 * of; it never throws.
 */
export function readRuntimeImages(text: string): ReadImages {
  const parsed = plain(text);
  if ('finding' in parsed) return { runtimes: [], findings: [parsed.finding] };
  const { document, findings } = canonical(parsed.value);
  const strict = runtimeImagesSchema.safeParse(document);
  if (strict.success) return { runtimes: strict.data, findings };
  return {
    runtimes: withoutIssues(document, strict.error.issues),
    findings: [...findings, ...strict.error.issues.flatMap(findingsOf)],
  };
}

function plain(text: string): { value: unknown } | { finding: Finding } {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return yaml(text);
  }
}

function yaml(text: string): { value: unknown } | { finding: Finding } {
  try {
    const document = parseDocument(text);
    const [problem] = document.errors;
    if (!problem) return { value: document.toJS() };
    const line = problem.linePos?.[0].line ?? 1;
    return { finding: unreadable(`line ${line}: ${problem.message.split('\n')[0]}`) };
  } catch (thrown) {
    return { finding: unreadable(messageOf(thrown)) };
  }
}

function unreadable(reason: string): Finding {
  return error('structure', '(whole value)', `neither JSON nor YAML: ${reason}`);
}

function findingsOf(issue: z.core.$ZodIssue): Finding[] {
  return problemsOf({ issues: [issue] } as z.ZodError).map(({ path, message }) => {
    if (issue.code === 'unrecognized_keys')
      return warning('unknown-field', path, 'the controller does not read this field');
    if (issue.code === 'invalid_value' && issue.path.at(-1) === 'phase')
      return warning('phases', path, `the controller knows no such phase: ${message}`);
    return error('structure', path, message);
  });
}

/** The document without what the schema refuses. */
function withoutIssues(document: unknown, issues: z.core.$ZodIssue[]): RuntimeImages {
  const copy = structuredClone(document);
  // From behind, so that indices go on saying what they said.
  const all = issues.flatMap(pathsOf).sort(comparePaths).reverse();
  const paths = all.filter(
    (path, index) => index === 0 || comparePaths(path, all[index - 1] ?? []),
  );
  for (const path of paths) remove(copy, path);
  const parsed = runtimeImagesSchema.safeParse(copy);
  if (parsed.success) return parsed.data;
  const isProgress = paths.length > 0 && paths.every((path) => path.length > 0);
  return isProgress ? withoutIssues(copy, parsed.error.issues) : [];
}

/** Fields without which their object says nothing. */
const NEEDED: PropertyKey[] = ['ID', 'version', 'phase', 'image'];

function pathsOf(issue: z.core.$ZodIssue): PropertyKey[][] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [...path, key]);
  const member = path.findLastIndex((part) => typeof part === 'number') + 1;
  const field = path[member];
  const isNeeded = field === undefined || NEEDED.includes(field);
  return [path.slice(0, isNeeded ? member : member + 1)];
}

function comparePaths(a: PropertyKey[], b: PropertyKey[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const [one, other] = [a[index], b[index]];
    if (one === other) continue;
    if (typeof one === 'number' && typeof other === 'number') return one - other;
    return String(one) < String(other) ? -1 : 1;
  }
  return a.length - b.length;
}

function remove(document: unknown, path: PropertyKey[]): void {
  const key = path.at(-1);
  let parent = document as Record<PropertyKey, unknown> | undefined;
  for (const part of path.slice(0, -1)) parent = parent?.[part] as typeof parent;
  if (parent === undefined || key === undefined) return;
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
}
