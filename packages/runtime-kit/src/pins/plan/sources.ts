import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import type { z } from 'zod';
import {
  type BuildRecord,
  type Evidence,
  evidenceFile,
  evidenceSchema,
  recordFile,
  recordSchema,
} from '../../build/index.js';
import type { Catalog, Variant } from '../../catalog/index.js';
import { RuntimeKitError } from '../../errors.js';
import { type Lock, sha256 } from '../lock.js';
import { type PushedImages, pushRecordFile, pushRecordSchema } from '../push/record.js';
import { lockFile, parseLock } from '../store.js';

/** All that is known of a variant on this machine, and what the files were that say so. */
export interface Sources {
  lock: Lock | undefined;
  record: BuildRecord;
  pushed: PushedImages;
  evidence: Evidence | undefined;
  /** The report's file, as it is. */
  report: string | undefined;
  /** sha256 by path of the repository; null where there is no such file. */
  seen: Record<string, string | null>;
}

/** The folder of the lock files. */
export function pinsFolder({ repository, config }: Catalog & { repository: string }): string {
  return resolve(repository, config.pins);
}

/** @throws RuntimeKitError PIN_REFUSED where there is nothing to pin, PIN_INVALID, USAGE */
export async function readSources(
  catalog: Catalog & { repository: string },
  { id }: Variant,
  registry: string | undefined,
): Promise<Sources> {
  const { repository } = catalog;
  const lockPath = lockFile(pinsFolder(catalog), id);
  const files = [
    lockPath,
    recordFile(repository, id),
    pushRecordFile(repository, id),
    evidenceFile(repository, id),
  ];
  // Each is read once: what is judged is what is kept, though another run writes it meanwhile.
  const texts = await Promise.all(files.map(textOf));
  const [lock, recorded, pushes, report] = texts;
  const record = parsed(recordSchema, recorded);
  if (!record) throw refused(id, 'no image was built here', `npx runtime-kit build ${id}`);
  const { registries } = parsed(pushRecordSchema, pushes) ?? { registries: {} };
  return {
    lock: lock === undefined ? undefined : parseLock(lock, lockPath),
    record,
    pushed: choose(id, registries, record, registry),
    evidence: parsed(evidenceSchema, report),
    report,
    seen: Object.fromEntries(
      files.map((file, index) => {
        const text = texts[index];
        return [relative(repository, file), text === undefined ? null : sha256(text)];
      }),
    ),
  };
}

/** undefined where there is no such document, or it is of another version of the tool. */
function parsed<Schema extends z.ZodType>(
  schema: Schema,
  text: string | undefined,
): z.infer<Schema> | undefined {
  if (text === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Where the images of the record were pushed to: the registry that is named, else the only one. */
function choose(
  id: string,
  registries: Record<string, PushedImages>,
  record: BuildRecord,
  registry: string | undefined,
): PushedImages {
  const current = Object.entries(registries).filter(
    ([name, images]) => (registry ?? name) === name && isOf(images, record),
  );
  const [only, ...others] = current;
  if (!only) {
    const where = registry === undefined ? '' : ` to ${registry}`;
    const push = `npx runtime-kit push ${id} --registry ${registry ?? 'HOST/PREFIX'}`;
    throw refused(id, `what was built last was not pushed${where}`, push);
  }
  if (others.length === 0) return only[1];
  const names = current.map(([name]) => name).join(', ');
  throw new RuntimeKitError('USAGE', `${id} was pushed to several registries: ${names}`, {
    hint: 'say by --registry which of them is pinned',
  });
}

function isOf({ runtime, build }: PushedImages, { images }: BuildRecord): boolean {
  return runtime.imageId === images.runtime.id && build?.imageId === images.build?.id;
}

function refused(id: string, reason: string, command: string): RuntimeKitError {
  return new RuntimeKitError('PIN_REFUSED', `${id}: ${reason}`, { hint: `run \`${command}\`` });
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
