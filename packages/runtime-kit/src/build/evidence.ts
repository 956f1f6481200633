import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { glob } from 'tinyglobby';
import { z } from 'zod';
import type { Runtime } from '../catalog/runtime.js';
import { type Report, reportSchema } from '../conformance/report/schema.js';
import { writeWhole } from './record.js';

/** The report of a full verification, and by what suite: `.runtime-kit/reports/<runtime>.json`. */
export const evidenceSchema = z.strictObject({
  runtime: z.string(),
  imageId: z.string(),
  suite: z.string().describe('sha256 over the rules and the fixtures that were used'),
  report: reportSchema,
});

export type Evidence = z.infer<typeof evidenceSchema>;

export function evidenceFile(repository: string, runtime: string): string {
  return join(repository, '.runtime-kit', 'reports', `${runtime}.json`);
}

/** undefined where it was never verified here, or by another version of the tool. */
export async function readEvidence(
  repository: string,
  runtime: string,
): Promise<Evidence | undefined> {
  try {
    const text = await readFile(evidenceFile(repository, runtime), 'utf8');
    return evidenceSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/**
 * Keeps what a full verification found of one variant's image.
 *
 * @param report may speak of several targets; only the one named `runtime` is kept.
 */
export async function writeEvidence(
  repository: string,
  { folder }: Pick<Runtime, 'folder'>,
  runtime: string,
  report: Report,
): Promise<void> {
  const target = report.targets.find(({ name }) => name === runtime);
  if (target?.imageId === undefined) return;
  const evidence: Evidence = {
    runtime,
    imageId: target.imageId,
    suite: await suiteHash({ folder }),
    report: { ...report, passed: target.summary.failed === 0, targets: [target] },
  };
  await writeWhole(evidenceFile(repository, runtime), `${JSON.stringify(evidence, null, 2)}\n`);
}

/** Changes when a rule, a case or a fixture of the language does. */
export async function suiteHash({ folder }: Pick<Runtime, 'folder'>): Promise<string> {
  const rules = dirname(fileURLToPath(new URL('../conformance/index.js', import.meta.url)));
  const hash = createHash('sha256');
  for (const [root, pattern] of [
    [rules, '**/*.js'],
    [folder, 'fixtures/**'],
    [folder, 'runtime.yaml'],
  ] as const)
    for (const path of (await glob(pattern, { cwd: root, dot: true })).sort())
      hash.update(path).update(await readFile(join(root, path)));
  return hash.digest('hex');
}
