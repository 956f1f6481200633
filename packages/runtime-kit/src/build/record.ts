import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const image = z.strictObject({
  name: z.string(),
  id: z.string().describe("The engine's image id: what verify looks for, never what is pinned"),
  sizeBytes: z.number().describe('Sum of the layers, uncompressed'),
  layers: z.array(z.string()),
  packages: z.array(z.string()).describe('Package URLs of what is in it, sorted'),
});

/** What one build made, of what: `.runtime-kit/records/<runtime>.json`. */
export const recordSchema = z.strictObject({
  runtime: z.string(),
  inputHash: z.string(),
  inputs: z.record(z.string(), z.string()).describe('sha256 by path of the input file'),
  base: z.strictObject({
    name: z.string(),
    digest: z.string(),
    source: z.enum(['registry', 'bootstrap']),
  }),
  revision: z.string(),
  images: z.strictObject({ runtime: image, build: image.optional() }),
  builtAt: z.string(),
  durationMs: z.number(),
});

export type BuildRecord = z.infer<typeof recordSchema>;

export function recordFile(repository: string, runtime: string): string {
  return join(repository, '.runtime-kit', 'records', `${runtime}.json`);
}

/** undefined where it was never built here, or the record is of another version of the tool. */
export async function readRecord(
  repository: string,
  runtime: string,
): Promise<BuildRecord | undefined> {
  try {
    const text = await readFile(recordFile(repository, runtime), 'utf8');
    return recordSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export async function writeRecord(repository: string, record: BuildRecord): Promise<void> {
  await writeWhole(recordFile(repository, record.runtime), `${JSON.stringify(record, null, 2)}\n`);
}

/** Readers, another run among them, see the old file or the new one, never a part. */
export async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${randomUUID()}`;
  await writeFile(temporary, text);
  await rename(temporary, file);
}
