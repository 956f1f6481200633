import pMap from 'p-map';
import { type Base, type BuildFiles, ensureBase, ensureBuildFiles } from '../base/index.js';
import type { Catalog } from '../catalog/index.js';
import { type ImageKind, isEndOfLife, type Variant } from '../catalog/runtime.js';
import { buildLabels } from '../dockerfile/index.js';
import { BuildStepError, type Engine, type ImageInfo, packFiles } from '../engine/index.js';
import { RuntimeKitError } from '../errors.js';
import { dockerfilePath } from '../generate/index.js';
import { readInventory } from '../inventory/index.js';
import { refuseOverBudget } from './budget.js';
import { lineOfStep } from './dockerfile-line.js';
import type { BuildListener } from './events.js';
import type { InputFile } from './inputs.js';
import type { PlannedBuild } from './plan.js';
import { type BuildRecord, writeRecord } from './record.js';
import { revisionOf } from './revision.js';

export interface BuildSettings {
  /** Variants built at a time. */
  concurrency: number;
  /** Builds though nothing changed. */
  force?: boolean;
  refreshBase?: boolean;
  onEvent?: BuildListener;
  signal?: AbortSignal;
}

export type BuildResult =
  | { planned: PlannedBuild; outcome: 'built' | 'kept'; record: BuildRecord }
  | { planned: PlannedBuild; outcome: 'failed'; error: unknown };

/** @throws RuntimeKitError END_OF_LIFE naming every variant past its date. */
export function refuseEndOfLife(variants: Variant[], today: Date): void {
  const old = variants.filter((variant) => isEndOfLife(variant, today));
  if (old.length === 0) return;
  const list = old.map(({ id, version }) => `${id} (${version.endOfLife})`).join(', ');
  throw new RuntimeKitError('END_OF_LIFE', `past the end of life: ${list}`, {
    hint: 'use a newer version, or build it all the same with --allow-eol',
  });
}

/** Carries a plan out. One failed variant does not stop the others; each has its result. */
export async function executeBuilds(
  engine: Engine,
  catalog: Catalog & { repository: string },
  planned: PlannedBuild[],
  settings: BuildSettings,
): Promise<BuildResult[]> {
  const bases = new SharedBases(engine, catalog, settings);
  const build = async (one: PlannedBuild): Promise<BuildResult> => {
    const emit: BuildListener = (event) => settings.onEvent?.(event);
    const { id } = one.variant;
    try {
      settings.signal?.throwIfAborted();
      const kept = settings.force ? undefined : await keep(engine, one, await bases.get(one));
      if (kept) {
        refuseOverBudget(one.variant, kept, one.record);
        emit({ type: 'kept', runtime: id, reason: one.reason });
        return { planned: one, outcome: 'kept', record: kept };
      }
      const record = await buildVariant(engine, catalog, one, await bases.get(one), settings);
      emit({ type: 'built', runtime: id, record });
      return { planned: one, outcome: 'built', record };
    } catch (error) {
      emit({ type: 'failed', runtime: id, error });
      return { planned: one, outcome: 'failed', error };
    }
  };
  return pMap(planned, build, { concurrency: settings.concurrency });
}

/** A record counts only while the images it speaks of, and their base, are what it says. */
async function keep(
  engine: Engine,
  { action, record, images }: PlannedBuild,
  base: Base,
): Promise<BuildRecord | undefined> {
  if (action !== 'keep' || !record || record.base.digest !== base.digest) return undefined;
  for (const { kind, name } of images) {
    const found = await engine.images.find(name);
    if (found?.id !== record.images[kind]?.id) return undefined;
  }
  return record;
}

async function buildVariant(
  engine: Engine,
  catalog: Catalog & { repository: string },
  planned: PlannedBuild,
  base: Base,
  settings: BuildSettings,
): Promise<BuildRecord> {
  const { variant, inputs } = planned;
  const started = Date.now();
  const [revision, files] = await Promise.all([
    revisionOf(variant.runtime.folder, inputs.files),
    ensureBuildFiles(engine, catalog, variant.version.suite),
  ]);
  const labels = buildLabels({ revision: revision.commit, created: revision.date, base });
  const images: Partial<Record<ImageKind, BuildRecord['images']['runtime']>> = {};
  for (const { kind, name } of planned.images) {
    settings.onEvent?.({ type: 'target', runtime: variant.id, kind, name });
    const before = await engine.images.find(name);
    const id = await engine.images
      .build({
        context: packFiles(inputs.files.map((file) => toEntry(file, planned, files))),
        dockerfile: dockerfilePath(variant.version.version),
        target: kind,
        tags: [name],
        args: { BASE: base.name, ...files.args },
        labels,
        onEvent: (event) => settings.onEvent?.({ ...event, runtime: variant.id, kind }),
        ...(settings.signal ? { signal: settings.signal } : {}),
      })
      .catch((error: unknown) => {
        throw withLine(error, planned);
      });
    const packages = await readInventory(engine, id, variant.version.suite);
    images[kind] = { ...recordOf(name, await engine.images.require(id)), packages };
    if (before && before.id !== id) await engine.images.removeUntagged(before.id);
  }
  const { runtime, build } = images;
  if (!runtime) throw new Error(`${variant.id} has no runtime image`);
  const record: BuildRecord = {
    runtime: variant.id,
    inputHash: inputs.hash,
    inputs: inputs.hashes,
    base,
    revision: revision.commit,
    images: { runtime, ...(build ? { build } : {}) },
    builtAt: new Date().toISOString(),
    durationMs: Date.now() - started,
  };
  // Without a record, so that the next build does not take it for a good one.
  refuseOverBudget(variant, record, planned.record);
  await writeRecord(catalog.repository, record);
  return record;
}

function toEntry(
  { path, content, executable }: InputFile,
  { variant }: PlannedBuild,
  { dockerfile }: BuildFiles,
) {
  const isDockerfile = path === dockerfilePath(variant.version.version);
  return {
    path,
    content: isDockerfile ? dockerfile(content.toString()) : content,
    mode: executable ? 0o755 : 0o644,
  };
}

function recordOf(name: string, { id, sizeBytes, layers }: ImageInfo) {
  return { name, id, sizeBytes, layers };
}

/** BuildKit names the step; a person wants the line of the Dockerfile. */
function withLine(error: unknown, { variant, inputs }: PlannedBuild): unknown {
  if (!(error instanceof BuildStepError)) return error;
  const path = dockerfilePath(variant.version.version);
  const dockerfile = inputs.files.find((file) => file.path === path)?.content.toString() ?? '';
  const line = lineOfStep(dockerfile, error.step);
  const place = line === undefined ? path : `${path}:${line}`;
  const step = error.step.length > 160 ? `${error.step.slice(0, 160)}…` : error.step;
  return new RuntimeKitError(
    'BUILD_FAILED',
    `${variant.id}: ${place}\n  ${step}\n  ${error.message}`,
    {
      hint: `mend ${variant.runtime.folder}/Dockerfile.template, run \`npx runtime-kit generate\`, and build again`,
      cause: error,
    },
  );
}

/** The variants of one Debian release share its base: it is made once. */
class SharedBases {
  private readonly bases = new Map<string, Promise<Base>>();

  constructor(
    private readonly engine: Engine,
    private readonly catalog: Catalog,
    private readonly settings: BuildSettings,
  ) {}

  get({ variant }: PlannedBuild): Promise<Base> {
    const { suite } = variant.version;
    const { refreshBase = false, onEvent, signal } = this.settings;
    const base =
      this.bases.get(suite) ??
      ensureBase(this.engine, {
        config: this.catalog.config,
        suite,
        refresh: refreshBase,
        onStatus: (text) => onEvent?.({ type: 'base', runtime: variant.id, text }),
        ...(signal ? { signal } : {}),
      });
    this.bases.set(suite, base);
    return base;
  }
}
