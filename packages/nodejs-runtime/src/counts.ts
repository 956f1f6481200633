/** Upper bounds in seconds. */
export const DURATION_BUCKETS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180,
] as const;

/** Methods that are counted by name, and the one that stands for all others: a caller could make them up. */
export const METHOD_LABELS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'OTHER',
] as const;

export type MethodLabel = (typeof METHOD_LABELS)[number];

/** Calls of one method. All numbers but `open` only ever grow. */
export interface MethodCounts {
  /** Those that were answered, or have ended without an answer. */
  calls: number;
  failures: number;
  timeouts: number;
  /** Seconds of all calls together. */
  seconds: number;
  /** Calls by duration: an entry per bound of DURATION_BUCKETS, one more for the rest. */
  buckets: number[];
  /** Those that have begun and are not in `calls` yet. */
  open: number;
}

/** By label of the method; those that were never called may be missing. */
export type Counts = Record<string, MethodCounts>;

/**
 * Writes a worker's counts to a place that outlives it. Positions are those of the file that `readCounts`
 * takes, bytes are valid until the write returns.
 */
export type WriteCounts = (bytes: Uint8Array, position: number) => void;

/**
 * Each method has two records in the file, which are written in turn: whoever dies or reads in the middle of
 * a write leaves or finds the one before whole. A record is a row of 64-bit floats in little-endian order.
 */
const FIELD_BYTES = Float64Array.BYTES_PER_ELEMENT;
const BUCKETS = DURATION_BUCKETS.length + 1;
const FIELDS = {
  /** Counts the writes; where it is not the same at both ends, the record is not whole. */
  version: 0,
  open: FIELD_BYTES,
  failures: FIELD_BYTES * 2,
  timeouts: FIELD_BYTES * 3,
  seconds: FIELD_BYTES * 4,
  buckets: FIELD_BYTES * 5,
  versionAgain: FIELD_BYTES * (5 + BUCKETS),
} as const;
const RECORD_BYTES = FIELDS.versionAgain + FIELD_BYTES;

/** From one record to the next: a power of two, so that none lies on two pages of memory. */
const RECORD_STEP = 256;

/** Size of the file. */
export const COUNTS_BYTES = METHOD_LABELS.length * 2 * RECORD_STEP;

/** The counts of one method as the worker that makes them sees them. */
export class CountsRecord {
  readonly #fields = new DataView(new ArrayBuffer(RECORD_BYTES));
  readonly #bytes = new Uint8Array(this.#fields.buffer);
  readonly #position: number;
  readonly #write: WriteCounts;
  #version = 0;

  constructor(method: MethodLabel, write: WriteCounts) {
    this.#position = METHOD_LABELS.indexOf(method) * 2 * RECORD_STEP;
    this.#write = write;
  }

  add(field: 'open' | 'failures' | 'timeouts', amount: number): void {
    this.#add(FIELDS[field], amount);
  }

  addDuration(seconds: number): void {
    this.#add(FIELDS.seconds, seconds);
    this.#add(FIELDS.buckets + bucketOf(seconds) * FIELD_BYTES, 1);
  }

  save(): void {
    this.#version++;
    this.#fields.setFloat64(FIELDS.version, this.#version, true);
    this.#fields.setFloat64(FIELDS.versionAgain, this.#version, true);
    this.#write(this.#bytes, this.#position + (this.#version % 2) * RECORD_STEP);
  }

  #add(at: number, amount: number): void {
    this.#fields.setFloat64(at, this.#fields.getFloat64(at, true) + amount, true);
  }
}

/** @param file of COUNTS_BYTES, whatever the worker has left of it */
export function readCounts(file: Uint8Array): Counts {
  const counts: Counts = {};
  for (const [index, method] of METHOD_LABELS.entries()) {
    const newest = [0, 1]
      .map((record) => recordAt(file, (index * 2 + record) * RECORD_STEP))
      .filter(isWhole)
      .reduce((one, other) => (versionOf(other) > versionOf(one) ? other : one), UNUSED);
    if (newest !== UNUSED) counts[method] = countsOf(newest);
  }
  return counts;
}

const UNUSED = new DataView(new ArrayBuffer(RECORD_BYTES));

function recordAt({ buffer, byteOffset }: Uint8Array, position: number): DataView {
  return new DataView(buffer, byteOffset + position, RECORD_BYTES);
}

function versionOf(record: DataView): number {
  return record.getFloat64(FIELDS.version, true);
}

function isWhole(record: DataView): boolean {
  return versionOf(record) === record.getFloat64(FIELDS.versionAgain, true);
}

function countsOf(record: DataView): MethodCounts {
  const field = (at: number) => record.getFloat64(at, true);
  const buckets = Array.from({ length: BUCKETS }, (_, index) =>
    field(FIELDS.buckets + index * FIELD_BYTES),
  );
  return {
    calls: buckets.reduce((sum, calls) => sum + calls),
    failures: field(FIELDS.failures),
    timeouts: field(FIELDS.timeouts),
    seconds: field(FIELDS.seconds),
    buckets,
    open: field(FIELDS.open),
  };
}

const LABELS = new Map<string, MethodLabel>(METHOD_LABELS.map((label) => [label, label]));

/** @param method as the caller sent it */
export function labelOf(method: string): MethodLabel {
  return LABELS.get(method) ?? 'OTHER';
}

/** Index of the first bucket that holds the duration; the last index is "+Inf". */
export function bucketOf(seconds: number): number {
  const index = DURATION_BUCKETS.findIndex((bound) => seconds <= bound);
  return index === -1 ? BUCKETS - 1 : index;
}
