import { join, resolve } from 'node:path';
import { trustedCaFile } from '../base/index.js';
import { isProved, statusOf } from '../build/index.js';
import {
  type Catalog,
  imageKinds,
  imageName,
  isSelector,
  loadCatalog,
  type PhaseMirrors,
  phaseMirrors,
  type Runtime,
  selectVariants,
  toRuntime,
  type Variant,
} from '../catalog/index.js';
import type { TargetRequest } from '../conformance/index.js';
import { connectEngine } from '../engine/index.js';
import { RuntimeKitError } from '../errors.js';
import { loadManifest } from '../manifest/load.js';

/** The flags that say what is a target. */
export interface TargetFlags {
  all?: true;
  /** Leave out what is proved already. */
  new?: true;
  language?: string;
  command?: string;
  prepare?: string;
  buildImage?: string;
  runtime?: string;
}

export interface ChosenTarget {
  request: TargetRequest;
  /** Set where the target is an image of the catalog. */
  variant?: Variant;
}

export interface Choice {
  catalog: Catalog;
  chosen: ChosenTarget[];
  /** Those of the catalog, and the one of `--runtime`. */
  runtimes: Runtime[];
  trustedCaFile: string | undefined;
  /** What phases download from. */
  mirrors: PhaseMirrors;
}

/** Loads the catalog and finds what the arguments name. */
export async function openChoice(names: string[], flags: TargetFlags): Promise<Choice> {
  const catalog = await loadCatalog();
  const extra = flags.runtime === undefined ? [] : [await loadRuntime(flags.runtime)];
  const runtimes = [...extra, ...catalog.runtimes];
  const chosen = await chooseTargets(names, flags, { ...catalog, runtimes });
  const { config, repository = process.cwd() } = catalog;
  return {
    catalog,
    chosen,
    runtimes,
    trustedCaFile: trustedCaFile(config.trustedCa, repository),
    mirrors: phaseMirrors({ ...catalog, runtimes }),
  };
}

/** A language from a folder that the catalog does not know. */
export async function loadRuntime(folder: string): Promise<Runtime> {
  const absolute = resolve(folder);
  return toRuntime(absolute, await loadManifest(join(absolute, 'runtime.yaml')));
}

/** What the arguments name: a local process, image references, variants of the catalog. */
async function chooseTargets(
  names: string[],
  flags: TargetFlags,
  catalog: Catalog,
): Promise<ChosenTarget[]> {
  if (flags.command !== undefined) return [{ request: commandTarget(names, flags, catalog) }];
  if (flags.prepare !== undefined)
    throw new RuntimeKitError('USAGE', '--prepare is for a local process', {
      hint: 'give --command too',
    });
  const isReference = await referenceTest(names, catalog.runtimes);
  const references = names.filter(isReference);
  const selectors = names.filter((name) => !isReference(name));
  const wantsVariants = selectors.length > 0 || names.length === 0;
  const variants = wantsVariants ? await chooseVariants(selectors, flags, catalog) : [];
  return [
    ...variants.map((variant) => ({ request: variantTarget(variant, flags, catalog), variant })),
    ...references.map((reference) => ({ request: imageTarget(reference, flags) })),
  ];
}

function commandTarget(names: string[], flags: TargetFlags, { runtimes }: Catalog): TargetRequest {
  const [only] = flags.runtime === undefined ? [] : runtimes;
  const language = flags.language ?? only?.language;
  if (names.length > 0)
    throw new RuntimeKitError('USAGE', `--command and ${names[0]} are two different targets`, {
      hint: 'take them one after the other',
    });
  if (language === undefined)
    throw new RuntimeKitError('USAGE', '--command does not say whose functions fit', {
      hint: `give --language one of ${runtimes.map((runtime) => runtime.language).join(', ')}`,
    });
  return {
    kind: 'command',
    name: `${language} (process)`,
    command: flags.command ?? '',
    prepare: flags.prepare,
    language,
    workingFolder: process.cwd(),
  };
}

/** A name that is no selector is an image where it looks like one, or where the engine has it. */
async function referenceTest(
  names: string[],
  runtimes: Runtime[],
): Promise<(name: string) => boolean> {
  const others = names.filter((name) => !isSelector(runtimes, name));
  const plain = others.filter((name) => !/[/:@]/.test(name));
  const engine = plain.length > 0 ? await connectEngine() : undefined;
  const unknown = new Set<string>();
  for (const name of plain) if (!(await engine?.images.find(name))) unknown.add(name);
  return (name) => others.includes(name) && !unknown.has(name);
}

async function chooseVariants(
  selectors: string[],
  flags: TargetFlags,
  { runtimes, repository }: Catalog,
): Promise<Variant[]> {
  const variants = selectVariants(runtimes, selectors, flags);
  if (!flags.new || repository === undefined) return variants;
  const states = await Promise.all(variants.map((variant) => statusOf(repository, variant)));
  return states.filter((state) => !isProved(state)).map(({ variant }) => variant);
}

function variantTarget(variant: Variant, flags: TargetFlags, { config }: Catalog): TargetRequest {
  const { prefix } = config;
  const hasPhases = imageKinds(variant.runtime).includes('build');
  return {
    kind: 'image',
    name: variant.id,
    reference: imageName(prefix, variant, 'runtime'),
    language: variant.runtime.language,
    buildReference:
      flags.buildImage ?? (hasPhases ? imageName(prefix, variant, 'build') : undefined),
  };
}

function imageTarget(reference: string, { language, buildImage }: TargetFlags): TargetRequest {
  return { kind: 'image', name: reference, reference, language, buildReference: buildImage };
}
