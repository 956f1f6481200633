import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../../build/record.js';
import { messageOf, RuntimeKitError } from '../../errors.js';
import { problemsOf } from '../../manifest/load.js';
import { type BenchResult, resultSchema } from './schema.js';

function resultFolder(repository: string): string {
  return join(repository, '.runtime-kit', 'bench');
}

/** Keeps the raw data of a run; returns the file. */
export async function writeResult(repository: string, result: BenchResult): Promise<string> {
  const name = `${result.started.replaceAll(':', '-')}.json`;
  const file = join(resultFolder(repository), name);
  await writeWhole(file, `${JSON.stringify(result, null, 2)}\n`);
  return file;
}

/** @throws RuntimeKitError USAGE where the file is no result of a benchmark. */
export async function readResult(file: string): Promise<BenchResult> {
  const problem = (text: string, cause: unknown) =>
    new RuntimeKitError('USAGE', `${file} is no result of a benchmark: ${text}`, {
      hint: 'bench keeps its results in .runtime-kit/bench/*.json, and prints one with --json',
      cause,
    });
  const document = await readFile(file, 'utf8')
    .then((text): unknown => JSON.parse(text))
    .catch((error: unknown) => {
      throw problem(messageOf(error), error);
    });
  const parsed = resultSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  const [first] = problemsOf(parsed.error);
  throw problem(`${first?.path}: ${first?.message}`, parsed.error);
}

/** The newest kept result before `started`, if any can be read. */
export async function latestResult(
  repository: string,
  started: string,
): Promise<BenchResult | undefined> {
  const folder = resultFolder(repository);
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json'));
  for (const name of names.sort().reverse()) {
    const result = await readResult(join(folder, name)).catch(() => undefined);
    if (result && result.started < started) return result;
  }
  return undefined;
}
