import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeTogether } from '../write.js';

const pushedImage = z.strictObject({
  reference: z.string().describe('HOST/PREFIX/NAME, without a tag'),
  imageId: z.string(),
  platform: z.string(),
  digest: z.string().describe("The registry's, of the manifest"),
  immutable: z.string(),
  floating: z.array(z.string()),
  pushedAt: z.iso.datetime(),
});

const pushed = z.strictObject({ runtime: pushedImage, build: pushedImage.optional() });

/** What was pushed, by registry (HOST/PREFIX): `.runtime-kit/pushes/<runtime>.json`. */
export const pushRecordSchema = z.strictObject({
  runtime: z.string(),
  registries: z.record(z.string(), pushed),
});

export type PushedImage = z.infer<typeof pushedImage>;
export type PushedImages = z.infer<typeof pushed>;
export type PushRecord = z.infer<typeof pushRecordSchema>;

export function pushRecordFile(repository: string, runtime: string): string {
  return join(repository, '.runtime-kit', 'pushes', `${runtime}.json`);
}

/** Of no registry where it was never pushed from here, or by another version of the tool. */
export async function readPushRecord(repository: string, runtime: string): Promise<PushRecord> {
  const none = { runtime, registries: {} };
  try {
    const text = await readFile(pushRecordFile(repository, runtime), 'utf8');
    return pushRecordSchema.safeParse(JSON.parse(text)).data ?? none;
  } catch {
    return none;
  }
}

/** Adds what was pushed to one registry; what is known of others stays. */
export async function recordPush(
  repository: string,
  runtime: string,
  registry: string,
  images: PushedImages,
): Promise<void> {
  const { registries } = await readPushRecord(repository, runtime);
  const record: PushRecord = { runtime, registries: { ...registries, [registry]: images } };
  const text = `${JSON.stringify(record, null, 2)}\n`;
  await writeTogether(new Map([[pushRecordFile(repository, runtime), text]]));
}
