import { z } from 'zod';

const name = z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and dashes');
const text = z.string().min(1);
const values = z.record(
  z.string().regex(/^[a-zA-Z][a-zA-Z0-9]*$/),
  z.union([z.string(), z.number()]),
);

const phase = z.strictObject({
  command: text.describe('Run as `sh -c COMMAND` with uid 1000 in the build image'),
  env: z.record(z.string(), z.string()).default({}),
});

const root = z.strictObject({
  packages: z
    .array(text)
    .min(1)
    .describe('Debian packages of the runtime image; dependencies follow'),
  exclude: z.array(text).default([]).describe('Packages of that closure that are left out'),
  remove: z.array(text).default([]).describe('Path globs, relative to the root, that are deleted'),
});

const texts = z.record(z.string(), z.string());

const privateRegistry = z
  .strictObject({
    env: texts.default({}).describe('Environment of the installation'),
    files: texts.default({}).describe('Files that are mounted for it: text by name'),
    credentials: texts.describe('Further such files, which hold the credentials'),
    scope: texts
      .optional()
      .describe('Environment, beside env, with which only one scope comes from the registry'),
  })
  .describe('How the installation is told about the private registry of the suite');

const mirror = z
  .strictObject({
    name: name.describe('Its key in mirrors.packages of runtime-kit.config.yaml'),
    env: texts
      .default({})
      .describe(
        'Environment of phases: $(MIRROR_URL) is the mirror, $(MIRROR_FILES) the folder of files',
      ),
    files: texts.default({}).describe('Files that are mounted for phases: text by name'),
    build: texts.default({}).describe('Environment of the build steps of all images'),
  })
  .describe("How the language's tools are told of a mirror of their package registry");

const isoDate = z.iso.date('a date that exists, as YYYY-MM-DD');

const version = z.strictObject({
  version: z.string().regex(/^\d+(\.\d+)*$/, "a quoted version such as '3.13'"),
  suite: name.describe('Debian release of the base image'),
  released: isoDate,
  endOfLife: isoDate.describe('The day on which upstream stops its support'),
  vars: values.default({}),
});

/** One `runtime.yaml`: a language and its versions. The JSON Schema is made from this. */
export const manifestSchema = z.strictObject({
  apiVersion: z.literal('runtime-kit/v1'),
  language: name,
  title: text,
  function: z.strictObject({
    suffix: z.string().regex(/^\.[a-z0-9]+$/, 'a file suffix with its dot'),
    dependencies: text.describe("The dependency file's name"),
    registry: z.url().describe('Where dependencies come from by default'),
  }),
  mirror: mirror.optional(),
  inputs: z
    .array(text)
    .min(1)
    .describe('Globs of the files of this folder that the images are made of'),
  env: z.record(z.string(), z.string()).default({}),
  phases: z
    .strictObject({ installation: phase.optional(), compilation: phase.optional() })
    .default({}),
  capabilities: z.strictObject({
    data: z.enum(['parsed', 'text']).describe('What a JSON body becomes in event.data'),
    checks: z.enum(['load', 'compile']).describe('Where a bad function shows itself'),
    cancellation: z
      .enum(['signal', 'none'])
      .default('none')
      .describe('Whether the function is told of the deadline'),
  }),
  conformance: z.strictObject({
    module: text.describe('MOD_NAME of every fixture'),
    handler: text.describe('FUNC_HANDLER of every fixture'),
    privateRegistry: privateRegistry.optional(),
    gaps: z
      .record(z.string(), text)
      .default({})
      .describe('Rules that do not hold yet, with the reason: reported, and no failure'),
  }),
  root: root.optional(),
  front: z
    .strictObject({
      command: z.array(text).min(1).describe('In the runtime image; a JavaScript file follows'),
    })
    .optional()
    .describe("How the runtime image runs a program that keeps a function's port on an engine"),
  vars: values.default({}),
  budgets: z
    .strictObject({
      imageMiB: z.number().positive(),
      idleMiB: z.number().positive(),
      coldStartMs: z.number().positive(),
    })
    .partial()
    .default({}),
  versions: z.array(version).min(1),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestVersion = Manifest['versions'][number];
