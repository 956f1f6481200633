import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { messageOf, RuntimeKitError } from '../errors.js';
import { problemsOf } from '../manifest/load.js';
import { isSealed, type Lock, lockSchema, sha256 } from './lock.js';

const SUFFIX = '.lock.json';

export function lockFile(folder: string, runtime: string): string {
  return join(folder, `${runtime}${SUFFIX}`);
}

/** Documents go by the sha256 of their text, so that a changed one is another one. */
export function documentFile(folder: string, digest: string): string {
  return join(folder, 'evidence', `${digest.replace('sha256:', '')}.json`);
}

/** The lock files of a folder, sorted; none where there is no folder. */
export async function lockFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter((name) => name.endsWith(SUFFIX))
    .sort()
    .map((name) => join(folder, name));
}

/**
 * undefined where a runtime is not pinned.
 *
 * @throws RuntimeKitError PIN_INVALID
 */
export async function readLock(file: string): Promise<Lock | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : parseLock(text, file);
}

/** @throws RuntimeKitError PIN_INVALID with every problem */
export function parseLock(text: string, file: string): Lock {
  const parsed = lockSchema.safeParse(json(text, file));
  if (!parsed.success) {
    const problems = problemsOf(parsed.error).map(({ path, message }) => `\n  ${path}: ${message}`);
    throw invalid(`${file} is no lock file${problems.join('')}`);
  }
  if (!isSealed(parsed.data))
    throw invalid(`${file} was edited: its content is not what was pinned`);
  const named = basename(file, SUFFIX);
  if (named !== parsed.data.runtime) throw invalid(`${file} pins ${parsed.data.runtime}`);
  return parsed.data;
}

function json(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(`${file} is no JSON: ${messageOf(error)}`);
  }
}

/**
 * The text of a document that a lock names.
 *
 * @throws RuntimeKitError PIN_INVALID where it is missing or another one
 */
export async function readDocument(folder: string, digest: string): Promise<string> {
  const file = documentFile(folder, digest);
  const content = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw invalid(error.code === 'ENOENT' ? `${file} is missing` : messageOf(error));
  });
  if (sha256(content) !== digest) throw invalid(`${file} was edited: its sha256 is not its name`);
  return content.toString();
}

function invalid(message: string): RuntimeKitError {
  return new RuntimeKitError('PIN_INVALID', message, {
    hint: 'bring it back with git, or delete the lock file and pin the runtime again',
  });
}
