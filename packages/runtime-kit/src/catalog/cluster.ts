import { z } from 'zod';

/** What Kubeless's controller can take apart again: letters, then digits and dots. */
export const KUBELESS_ID = /^[a-zA-Z_-]+$/;
export const KUBELESS_VERSION = /^[0-9.]+$/;

const text = z.string().min(1);
const seconds = z.int().nonnegative();

/** What the controller knows how to run, in the order in which it does. */
export const PHASES = ['installation', 'compilation', 'runtime'] as const;

/** The part of a Kubernetes probe that a container without a shell can have, and `exec`. */
export const probeSchema = z
  .strictObject({
    exec: z.strictObject({ command: z.array(text).min(1) }),
    httpGet: z.strictObject({
      path: text.optional(),
      port: z.union([z.int(), text]),
      host: text.optional(),
      scheme: text.optional(),
      httpHeaders: z.array(z.strictObject({ name: text, value: z.string() })).optional(),
    }),
    tcpSocket: z.strictObject({ port: z.union([z.int(), text]), host: text.optional() }),
    initialDelaySeconds: seconds,
    timeoutSeconds: seconds,
    periodSeconds: seconds,
    successThreshold: seconds,
    failureThreshold: seconds,
  })
  .partial();

const customImage = z.strictObject({
  phase: z.enum(PHASES),
  image: z
    .string()
    .regex(/^[^\s@]+@sha256:[0-9a-f]{64}$/, 'an image by digest: NAME@sha256:…')
    .describe('By digest'),
  command: text.optional(),
  env: z.record(z.string(), z.string()).optional(),
});

/** A runtime whose images are not made here. */
export const customRuntimeSchema = z
  .strictObject({
    id: z.string().regex(KUBELESS_ID, 'letters, dashes and underscores').describe("Kubeless's ID"),
    version: z.string().regex(KUBELESS_VERSION, "a quoted version such as '1.0'"),
    name: text.optional().describe('ID and version if unset'),
    suffix: z
      .string()
      .regex(/^\.[a-z0-9]+$/i, 'a file suffix with its dot')
      .optional()
      .describe('Of the function file; without it the file is /kubeless/function'),
    dependencies: text.optional().describe("The dependency file's name"),
    images: z.array(customImage).min(1),
    verified: z
      .strictObject({
        report: z.string().describe('sha256 of the report'),
        profile: z.enum(['core', 'full']),
        at: z.iso.datetime(),
      })
      .optional()
      .describe('What `config add-runtime` was shown'),
  })
  .superRefine(({ images, dependencies }, context) => {
    const phases = images.map(({ phase }) => phase);
    const refuse = (message: string) =>
      context.addIssue({ code: 'custom', path: ['images'], message });
    if (!phases.includes('runtime')) refuse('no image has the phase "runtime"');
    for (const phase of PHASES)
      if (phases.filter((one) => one === phase).length > 1)
        refuse(`the phase "${phase}" is there more than once`);
    if (phases.includes('installation') && dependencies === undefined)
      refuse('the phase "installation" needs the name of a dependency file: dependencies');
  });

/** `{ OLD: RUNTIME }`: functions that name OLD run on RUNTIME. */
export const aliasesSchema = z.record(
  z
    .string()
    .regex(/^[a-zA-Z_-]+[0-9.]+$/, 'a runtime id: letters, then a version of digits and dots'),
  text,
);

export type CustomRuntime = z.infer<typeof customRuntimeSchema>;
export type Probe = z.infer<typeof probeSchema>;
export type Phase = (typeof PHASES)[number];

/** A runtime id in the two parts that the controller reads from it. */
export function splitRuntimeId(id: string): { ID: string; version: string } {
  const version = /[0-9.]*$/.exec(id)?.[0] ?? '';
  return { ID: id.slice(0, id.length - version.length), version };
}
