import { join } from 'node:path';
import {
  type CustomRuntime,
  customRuntimeId,
  type ImageKind,
  PHASES,
  type Phase,
  type Variant,
} from '../catalog/index.js';
import { expand, valuesOf } from '../dockerfile/expand.js';
import { RuntimeKitError } from '../errors.js';
import type { Lock } from '../pins/index.js';
import type { PhaseImage, RuntimeInfo, RuntimeVersion } from './structure.js';

/** One version, with what the controller keeps for all versions of an ID. */
export interface Entry {
  runtime: string;
  info: Omit<RuntimeInfo, 'versions'>;
  version: RuntimeVersion;
}

/** @throws RuntimeKitError PIN_INVALID where a phase has no image */
export function pinnedEntry(variant: Variant, { images }: Lock): Entry {
  return variantEntry(variant, (kind, phase) => {
    const image = images[kind];
    if (!image) throw withoutBuildImage(variant, phase);
    return `${image.reference}@${image.digest}`;
  });
}

/** A version of the catalog, whose images are called as `imageOf` says. */
export function variantEntry(
  variant: Variant,
  imageOf: (kind: ImageKind, phase: Phase) => string,
): Entry {
  const { manifest, folder, language } = variant.runtime;
  const env = (values: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        expand(value, valuesOf(variant), join(folder, 'runtime.yaml')),
      ]),
    );
  const prepared = (['installation', 'compilation'] as const).flatMap((phase) => {
    const settings = manifest.phases[phase];
    if (!settings) return [];
    const { command } = settings;
    return [phaseImage(phase, imageOf('build', phase), env(settings.env), command)];
  });
  return {
    runtime: variant.id,
    info: {
      ID: language,
      depName: manifest.function.dependencies,
      fileNameSuffix: manifest.function.suffix,
    },
    version: {
      name: variant.id,
      version: variant.version.version,
      images: [
        ...prepared,
        phaseImage('runtime', imageOf('runtime', 'runtime'), env(manifest.env)),
      ],
    },
  };
}

function phaseImage(
  phase: Phase,
  image: string,
  env: Record<string, string> | undefined,
  command?: string,
): PhaseImage {
  return {
    phase,
    image,
    ...(command === undefined ? {} : { command }),
    ...(env && Object.keys(env).length > 0 ? { env } : {}),
  };
}

export function customEntry(custom: CustomRuntime): Entry {
  const { id, version, name, suffix, dependencies, images } = custom;
  const runtime = customRuntimeId(custom);
  const sorted = PHASES.flatMap((phase) => images.filter((one) => one.phase === phase));
  return {
    runtime,
    info: {
      ID: id,
      ...(dependencies === undefined ? {} : { depName: dependencies }),
      ...(suffix === undefined ? {} : { fileNameSuffix: suffix }),
    },
    version: {
      name: name ?? runtime,
      version,
      images: sorted.map(({ phase, image, env, command }) =>
        phaseImage(phase, image, env, command),
      ),
    },
  };
}

function withoutBuildImage({ id }: Variant, phase: Phase): RuntimeKitError {
  return new RuntimeKitError(
    'PIN_INVALID',
    `${id} has the phase ${phase}, and its pin no image for it`,
    { hint: `build, push and pin it again: \`npx runtime-kit pin ${id}\`` },
  );
}
