import type { Variant } from '../catalog/runtime.js';
import { type Evidence, readEvidence, suiteHash } from './evidence.js';
import { type BuildRecord, readRecord } from './record.js';

/** What is known of a variant on this machine. */
export interface VariantStatus {
  variant: Variant;
  record: BuildRecord | undefined;
  /** Only where it speaks of the very images of the record. */
  evidence: Evidence | undefined;
  /** Whether the evidence was found by the suite and fixtures of now. */
  current: boolean;
}

export async function statusOf(repository: string, variant: Variant): Promise<VariantStatus> {
  const [record, found, suite] = await Promise.all([
    readRecord(repository, variant.id),
    readEvidence(repository, variant.id),
    suiteHash(variant.runtime),
  ]);
  const evidence = found && record && speaksOf(found, record) ? found : undefined;
  return { variant, record, evidence, current: evidence?.suite === suite };
}

/** Whether a report is of these images: of the runtime image, with its phases run in the build image. */
function speaksOf({ imageId, report }: Evidence, { images }: BuildRecord): boolean {
  return (
    imageId === images.runtime.id &&
    (images.build === undefined || report.targets[0]?.buildImageId === images.build.id)
  );
}

/** Built, and everything passed, by the suite of now: nothing is left to verify. */
export function isProved({ evidence, current }: VariantStatus): boolean {
  return current && evidence?.report.passed === true && evidence.report.profile === 'full';
}
