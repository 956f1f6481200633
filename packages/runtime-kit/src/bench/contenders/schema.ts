import { z } from 'zod';

const text = z.string().min(1);
const environment = z
  .record(z.string(), z.string())
  .default({})
  .describe('Values can use {{scenario}}, {{handler}}, {{workers}} and {{connections}}');

const contender = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and dashes')
    .refine((id) => id !== 'ours', '"ours" is the image of this repository'),
  title: text,
  kind: z
    .enum(['limit', 'peer', 'kubeless'])
    .describe(
      'limit: a bare server; peer: another project; kubeless: a rebuild of what Kubeless did',
    ),
  source: text.describe('What it is and where it comes from, for the reader of the report'),
  extraFiles: z
    .record(z.string(), text)
    .default({})
    .describe(
      "Files beside those of bench/ in the build: name there to path from the language's folder",
    ),
  env: environment,
  goals: z
    .strictObject({
      throughput: z.number().positive().describe('At least: ours / this, of hello'),
      pacedP99: z.number().positive().describe('At most: ours / this, p99 at half of the peak'),
      coldStart: z.number().positive().describe('At most: ours / this'),
    })
    .partial()
    .default({}),
});

/**
 * `bench/bench.yaml` of a language: what its image is compared with. How each contender is made stands
 * in `bench/Dockerfile.template`, in a stage of its id.
 */
export const benchSchema = z
  .strictObject({
    apiVersion: z.literal('runtime-kit/v1'),
    function: z.strictObject({
      files: text.describe('Folder, beside this file, of the function that our image serves'),
      handlers: z
        .strictObject({ hello: text, json: text, large: text, wait: text, work: text })
        .describe('FUNC_HANDLER by scenario'),
    }),
    goals: z
      .strictObject({
        twiceTheWorkers: z
          .number()
          .positive()
          .describe('At least: our image with twice the workers / as many as asked for, of work'),
      })
      .partial()
      .default({}),
    contenders: z.array(contender).min(1),
  })
  .superRefine(({ contenders }, context) => {
    for (const [index, one] of contenders.entries()) {
      const path = ['contenders', index];
      if (contenders.findIndex(({ id }) => id === one.id) !== index)
        context.addIssue({ code: 'custom', path: [...path, 'id'], message: `${one.id} is taken` });
    }
  });

export type BenchManifest = z.infer<typeof benchSchema>;
export type ContenderManifest = BenchManifest['contenders'][number];
