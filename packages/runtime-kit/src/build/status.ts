import type { Variant } from '../catalog/runtime.js';
import { type Evidence, readEvidence, suiteHash } from './evidence.js';
import { type BuildRecord, readRecord } from './record.js';

/** What is known of a variant on this machine. */
export interface VariantStatus {
  variant: Variant;
  record: BuildRecord | undefined;
  /** Only where it speaks of the very image of the record. */
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
  const evidence = found && found.imageId === record?.images.runtime.id ? found : undefined;
  return { variant, record, evidence, current: evidence?.suite === suite };
}

/** Built, and everything passed, by the suite of now: nothing is left to verify. */
export function isProved({ evidence, current }: VariantStatus): boolean {
  return current && evidence?.report.passed === true && evidence.report.profile === 'full';
}
