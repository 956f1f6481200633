import { z } from 'zod';
import { PHASES, probeSchema } from '../catalog/index.js';

const text = z.string().min(1);

const image = z.strictObject({
  phase: z.enum(PHASES),
  image: text,
  command: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
});

const version = z.strictObject({
  name: z.string().optional(),
  version: text,
  images: z.array(image).default([]),
  imagePullSecrets: z.array(z.strictObject({ ImageSecret: text })).optional(),
});

const runtime = z.strictObject({
  ID: text,
  depName: z.string().optional(),
  fileNameSuffix: z.string().optional(),
  livenessProbeInfo: probeSchema.optional(),
  versions: z.array(version).default([]),
});

/**
 * The value of `runtime-images` in the ConfigMap `kubeless-config`, as Kubeless's controller reads it since
 * 1.0 (pkg/langruntime, RuntimeInfo). `read.ts` takes what others wrote to it.
 */
export const runtimeImagesSchema = z.array(runtime);

export type RuntimeImages = z.infer<typeof runtimeImagesSchema>;
export type RuntimeInfo = RuntimeImages[number];
export type RuntimeVersion = RuntimeInfo['versions'][number];
export type PhaseImage = RuntimeVersion['images'][number];

/** What functions name: ID and version. */
export function runtimeIdOf({ ID }: Pick<RuntimeInfo, 'ID'>, { version }: { version: string }) {
  return `${ID}${version}`;
}

/** As it stands in a ConfigMap. */
export function runtimeImagesText(images: RuntimeImages): string {
  return JSON.stringify(images, null, 2);
}
