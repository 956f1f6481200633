import type { Catalog } from '../catalog/index.js';
import { type ImageKind, imageKinds, imageName, type Variant } from '../catalog/runtime.js';
import { type Inputs, readInputs } from './inputs.js';
import { type BuildRecord, readRecord } from './record.js';

/** What will happen to a variant, and why. */
export interface PlannedBuild {
  variant: Variant;
  images: { kind: ImageKind; name: string }[];
  inputs: Inputs;
  record: BuildRecord | undefined;
  action: 'build' | 'keep';
  /** One line for a person. */
  reason: string;
  /** The input files that differ from the last build's. */
  changed: string[];
}

/** Plans from files alone; whether the images are still on the engine is for the build to see. */
export async function planBuilds(
  { repository, config }: Catalog & { repository: string },
  variants: Variant[],
): Promise<PlannedBuild[]> {
  return Promise.all(
    variants.map(async (variant) => {
      const [inputs, record] = await Promise.all([
        readInputs(variant),
        readRecord(repository, variant.id),
      ]);
      const images = imageKinds(variant.runtime).map((kind) => ({
        kind,
        name: imageName(config.prefix, variant, kind),
      }));
      return { variant, images, inputs, record, ...decide(inputs, record) };
    }),
  );
}

function decide(
  inputs: Inputs,
  record: BuildRecord | undefined,
): Pick<PlannedBuild, 'action' | 'reason' | 'changed'> {
  if (!record) return { action: 'build', reason: 'never built here', changed: [] };
  if (record.inputHash === inputs.hash)
    return { action: 'keep', reason: `nothing changed since ${record.builtAt}`, changed: [] };
  const changed = changedPaths(record.inputs, inputs.hashes);
  return { action: 'build', reason: `changed: ${shortList(changed)}`, changed };
}

function changedPaths(before: Record<string, string>, now: Record<string, string>): string[] {
  const paths = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...paths].filter((path) => before[path] !== now[path]).sort();
}

function shortList(paths: string[], most = 3): string {
  const rest = paths.length - most;
  return paths.slice(0, most).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
