import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { glob } from 'tinyglobby';
import type { Catalog } from '../catalog/index.js';
import { RuntimeKitError } from '../errors.js';
import { type GeneratedFile, generatedFiles } from './outputs.js';

export interface Drift {
  path: string;
  kind: 'changed' | 'missing' | 'left over';
}

/** What is on disk and is not what would be generated. Paths are relative to the repository. */
export async function findDrift(catalog: Catalog & { repository: string }): Promise<Drift[]> {
  const files = await generatedFiles(catalog);
  const compared = await Promise.all(files.map(compare));
  const drift = compared.flat();
  for (const path of await leftOver(catalog, files)) drift.push({ path, kind: 'left over' });
  return drift
    .map(({ path, kind }) => ({ path: relative(catalog.repository, path), kind }))
    .sort((a, b) => a.path.localeCompare(b.path));
}

/** Writes what differs and deletes what is left over; returns what it did. */
export async function generate(catalog: Catalog & { repository: string }): Promise<Drift[]> {
  const drift = await findDrift(catalog);
  const files = new Map((await generatedFiles(catalog)).map(({ path, text }) => [path, text]));
  for (const { path } of drift) {
    const file = join(catalog.repository, path);
    const text = files.get(file);
    if (text === undefined) await rm(file);
    else await write(file, text);
  }
  return drift;
}

/** @throws RuntimeKitError GENERATED_DRIFT naming the files and the command that mends them. */
export async function checkGenerated(catalog: Catalog & { repository: string }): Promise<void> {
  const drift = await findDrift(catalog);
  if (drift.length === 0) return;
  const list = drift.map(({ path, kind }) => `  ${path}: ${kind}`).join('\n');
  throw new RuntimeKitError(
    'GENERATED_DRIFT',
    `generated files are not what their sources say\n${list}`,
    { hint: 'run `npx runtime-kit generate` and commit what it writes' },
  );
}

async function compare({ path, text }: GeneratedFile): Promise<Drift[]> {
  try {
    return (await readFile(path, 'utf8')) === text ? [] : [{ path, kind: 'changed' }];
  } catch {
    return [{ path, kind: 'missing' }];
  }
}

/** Dockerfiles of versions that the manifest no longer has. */
async function leftOver({ runtimes }: Catalog, files: GeneratedFile[]): Promise<string[]> {
  const known = new Set(files.map(({ path }) => path));
  const found = await Promise.all(
    runtimes.map(({ folder }) => glob('generated/*/Dockerfile', { cwd: folder, absolute: true })),
  );
  return found.flat().filter((path) => !known.has(path));
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
