import type { Variant } from '../catalog/runtime.js';
import { RuntimeKitError } from '../errors.js';
import type { BuildRecord } from './record.js';

const MIB = 1024 * 1024;

/**
 * Holds the runtime image to `budgets.imageMiB` of its manifest.
 *
 * @param before the build before this one
 * @throws RuntimeKitError BUDGET_EXCEEDED with the size before, now, and allowed
 */
export function refuseOverBudget(
  { id, runtime }: Variant,
  record: BuildRecord,
  before: BuildRecord | undefined,
): void {
  const { imageMiB } = runtime.manifest.budgets;
  const { name, sizeBytes } = record.images.runtime;
  if (imageMiB === undefined || sizeBytes <= imageMiB * MIB) return;
  const was = before ? mebibytes(before.images.runtime.sizeBytes) : 'unknown';
  const sizes = `old ${was}, new ${mebibytes(sizeBytes)}, allowed ${imageMiB} MiB`;
  throw new RuntimeKitError('BUDGET_EXCEEDED', `${id}: size of ${name}: ${sizes}`, {
    hint: `\`docker history ${name}\` tells what is large; budgets.imageMiB stands in ${runtime.folder}/runtime.yaml`,
  });
}

function mebibytes(bytes: number): string {
  return (bytes / MIB).toFixed(1);
}
