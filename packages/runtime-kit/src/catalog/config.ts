import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { invalid, parseYaml, problemsOf } from '../manifest/load.js';
import { aliasesSchema, customRuntimeSchema, probeSchema } from './cluster.js';
import { mirrorsSchema } from './mirrors.js';

export const CONFIG_FILE = 'runtime-kit.config.yaml';

/** `runtime-kit.config.yaml`: what holds for all languages of a repository. */
export const configSchema = z.strictObject({
  apiVersion: z.literal('runtime-kit/v1'),
  prefix: z.string().min(1).default('runtime-kit').describe('What image names begin with'),
  source: z
    .string()
    .default('https://github.com/runtime-kit/runtime-kit')
    .describe('Where the sources of the images are: the label org.opencontainers.image.source'),
  runtimes: z
    .array(z.string().min(1))
    .min(1)
    .default(['images/*', 'packages/*'])
    .describe('Globs of the folders in which a runtime.yaml is looked for'),
  base: z
    .strictObject({
      source: z
        .enum(['auto', 'registry', 'bootstrap'])
        .default('auto')
        .describe('Where base images come from'),
      reference: z
        .string()
        .default('debian:{{suite}}-slim')
        .describe('The base image in a registry'),
      mirror: z.url().optional().describe('The Debian mirror that the bootstrap base is made from'),
    })
    .prefault({}),
  mirrors: mirrorsSchema
    .prefault({})
    .describe('Where builds and phases download from instead of the public places'),
  generated: z
    .strictObject({
      schemas: z.string().optional().describe('Folder for the JSON Schemas of our documents'),
      reference: z.string().optional().describe('Folder for the generated pages of the docs'),
    })
    .prefault({}),
  aliases: aliasesSchema
    .default({})
    .describe('Old runtime ids and what they stand for: functions that name them go on working'),
  customRuntimes: z
    .array(customRuntimeSchema)
    .default([])
    .describe('Runtimes of other images; `config add-runtime` writes them'),
  imagePullSecrets: z
    .array(z.string().min(1))
    .default([])
    .describe('Secrets with which a cluster pulls our images'),
  livenessProbe: probeSchema
    .optional()
    .describe("A Kubernetes probe for every function, in the place of the controller's"),
  pins: z.string().min(1).default('pins').describe('Folder of the lock files and their evidence'),
  trustedCa: z
    .string()
    .optional()
    .describe('A PEM bundle that build steps trust; the host bundle where it is unset'),
});

export type Config = z.infer<typeof configSchema>;

/** The folder with `runtime-kit.config.yaml` at or above `from`. */
export function findRepository(from: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, CONFIG_FILE))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/** @throws RuntimeKitError CONFIG_INVALID with every problem of the file. */
export async function loadConfig(repository: string): Promise<Config> {
  const file = join(repository, CONFIG_FILE);
  return parseConfig(await readFile(file, 'utf8'), file);
}

/** @throws RuntimeKitError CONFIG_INVALID with every problem of the text. */
export function parseConfig(text: string, file: string): Config {
  const parsed = configSchema.safeParse(parseYaml(text, file, 'CONFIG_INVALID'));
  if (!parsed.success) throw invalid('CONFIG_INVALID', file, problemsOf(parsed.error));
  return parsed.data;
}
