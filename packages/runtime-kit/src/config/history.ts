import { z } from 'zod';

/** The annotation in which a ConfigMap keeps what its runtime-images were before. */
export const HISTORY = 'io.runtime-kit.history';

export const KEPT = 5;
/** Kubernetes takes 256 KiB of annotations; others have some too. */
const MOST_BYTES = 128 * 1024;

const historySchema = z.array(
  z.object({ replacedAt: z.iso.datetime(), images: z.string().describe('runtime-images') }),
);

/** A value of runtime-images, and until when it was in force. */
export type Version = z.infer<typeof historySchema>[number];

/** Newest first; what is no history of ours counts as none. */
export function readHistory(annotations: Record<string, string>): Version[] {
  try {
    return historySchema.parse(JSON.parse(annotations[HISTORY] ?? '[]'));
  } catch {
    return [];
  }
}

/** The text of the annotation: of the versions, newest first, as many as are kept and fit. */
export function historyText(versions: Version[]): string {
  for (let count = Math.min(versions.length, KEPT); ; count--) {
    const text = JSON.stringify(versions.slice(0, count));
    if (count === 0 || Buffer.byteLength(text) <= MOST_BYTES) return text;
  }
}
