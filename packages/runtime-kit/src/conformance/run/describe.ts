import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PhaseMirrors, Runtime, Variant } from '../../catalog/index.js';
import { expand, valuesOf } from '../../dockerfile/expand.js';
import type { Engine, ImageInfo } from '../../engine/index.js';
import { RuntimeKitError } from '../../errors.js';
import type { Profile } from '../rule.js';
import type { RuntimeFacts } from '../targets/target.js';
import type { TargetDescription } from './description.js';

/** What is to be verified, in the words of the one who asks. */
export type TargetRequest = ImageRequest | CommandRequest;

interface Request {
  /** The name in reports. */
  name: string;
  /** Rules for this target alone; those of the run if unset. */
  only?: string[];
}

export interface ImageRequest extends Request {
  kind: 'image';
  reference: string;
  /** Where the image's own label does not say it. */
  language?: string | undefined;
  /** Image of the phases; the reference with `-build` after its name if unset. */
  buildReference?: string | undefined;
}

export interface CommandRequest extends Request {
  kind: 'command';
  command: string;
  prepare?: string | undefined;
  language: string;
  workingFolder: string;
}

interface Surroundings {
  runtimes: Runtime[];
  profile: Profile;
  engine: Engine | undefined;
  trustedCaFile: string | undefined;
  mirrors?: PhaseMirrors | undefined;
}

const LANGUAGE_LABEL = 'io.runtime-kit.language';
const VERSION_LABEL = 'io.runtime-kit.version';

/** @throws RuntimeKitError USAGE, IMAGE_NOT_FOUND. */
export async function describeTarget(
  request: TargetRequest,
  around: Surroundings,
): Promise<TargetDescription> {
  if (request.kind === 'image') return describeImage(request, around);
  const { command, prepare, workingFolder } = request;
  const runtime = runtimeFacts(findRuntime(around.runtimes, request.language), undefined);
  return { kind: 'command', command, prepare, workingFolder, env: { ...process.env }, runtime };
}

async function describeImage(
  request: ImageRequest,
  { runtimes, profile, engine, trustedCaFile, mirrors }: Surroundings,
): Promise<TargetDescription> {
  if (!engine) throw new Error('an image target needs an engine');
  const { reference, buildReference = buildNameOf(reference) } = request;
  const image = await findImage(engine, reference);
  const language = request.language ?? image.labels[LANGUAGE_LABEL];
  if (language === undefined && profile === 'full')
    throw new RuntimeKitError('USAGE', `${reference} does not say which language it runs`, {
      hint: `give --language, or --profile core for an image without functions`,
    });
  const runtime = language === undefined ? undefined : findRuntime(runtimes, language);
  const build = await engine.images.find(buildReference);
  return {
    kind: 'image',
    image: image.id,
    user: image.user,
    labels: image.labels,
    sizeBytes: image.sizeBytes,
    buildImage: runtime && hasPhases(runtime) ? build?.id : undefined,
    runtime: runtime && mirrored(runtimeFacts(runtime, image.labels[VERSION_LABEL]), mirrors),
    trustedCa: trustedCaFile === undefined ? undefined : await readFile(trustedCaFile, 'utf8'),
    mirrors,
  };
}

/** Here already, or pulled. */
async function findImage(engine: Engine, reference: string): Promise<ImageInfo> {
  const found = await engine.images.find(reference);
  if (found) return found;
  await engine.images.pull(reference).catch((error: unknown) => {
    throw new RuntimeKitError(
      'IMAGE_NOT_FOUND',
      `the engine has no image ${reference}, and no registry gave it`,
      {
        hint: 'build it first (`runtime-kit build`), or check the name',
        cause: error,
      },
    );
  });
  return findImage(engine, reference);
}

/** `x/name:tag` → `x/name-build:tag`. */
export function buildNameOf(reference: string): string {
  const colon = reference.indexOf(':', reference.lastIndexOf('/') + 1);
  if (colon === -1) return `${reference}-build`;
  return `${reference.slice(0, colon)}-build${reference.slice(colon)}`;
}

function hasPhases({ manifest }: Runtime): boolean {
  return Object.keys(manifest.phases).length > 0;
}

/** Whether dependencies can be had is asked where phases take them from. */
function mirrored(facts: RuntimeFacts, mirrors: PhaseMirrors | undefined): RuntimeFacts {
  return { ...facts, registry: mirrors?.registries[facts.language] ?? facts.registry };
}

function findRuntime(runtimes: Runtime[], language: string): Runtime {
  const found = runtimes.find((runtime) => runtime.language === language);
  if (found) return found;
  const known = runtimes.map((runtime) => runtime.language).join(', ');
  throw new RuntimeKitError('USAGE', `there are no fixtures for the language "${language}"`, {
    hint: known === '' ? 'there is no runtime.yaml here' : `give --language one of ${known}`,
  });
}

/** The version's own values in the manifest's strings; the newest version's if it is not known. */
export function runtimeFacts(runtime: Runtime, version: string | undefined): RuntimeFacts {
  const { manifest, folder, language } = runtime;
  const variant =
    runtime.variants.find((one) => one.version.version === version) ??
    (runtime.variants[0] as Variant);
  const values = valuesOf(variant);
  const text = (value: string): string => expand(value, values, join(folder, 'runtime.yaml'));
  const texts = (map: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(map).map(([name, value]) => [name, text(value)]));
  const phase = (one: { command: string; env: Record<string, string> } | undefined) =>
    one && { command: text(one.command), env: texts(one.env) };
  const installation = phase(manifest.phases.installation);
  const compilation = phase(manifest.phases.compilation);
  return {
    language,
    fixtures: join(folder, 'fixtures'),
    suffix: manifest.function.suffix,
    dependencies: manifest.function.dependencies,
    registry: manifest.function.registry,
    ...manifest.conformance,
    env: texts(manifest.env),
    phases: { ...(installation ? { installation } : {}), ...(compilation ? { compilation } : {}) },
    capabilities: manifest.capabilities,
    budgets: manifest.budgets,
  };
}
