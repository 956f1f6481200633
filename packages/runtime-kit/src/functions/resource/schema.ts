import { z } from 'zod';

const text = z.string();
const quantity = z.union([z.string(), z.number()]).transform(String);
const quantities = z.record(text, quantity);

const variable = z.looseObject({
  name: z.string().min(1),
  value: text.optional(),
  valueFrom: z.unknown().optional(),
});

const container = z.looseObject({
  name: text.optional(),
  image: text.optional(),
  imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).optional(),
  env: z.array(variable).nullish(),
  resources: z
    .looseObject({ limits: quantities.optional(), requests: quantities.optional() })
    .optional(),
  volumeMounts: z.array(z.looseObject({ name: text, mountPath: text })).optional(),
});

const deployment = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({
      spec: z.looseObject({
        containers: z.array(container).max(1, 'a function has one container').nullish(),
        volumes: z.array(z.looseObject({ name: text })).optional(),
      }),
    }),
  }),
});

const port = z.int().min(1).max(65_535);

const service = z.looseObject({
  ports: z
    .array(z.looseObject({ name: text.optional(), port, targetPort: port.optional() }))
    .nullish(),
});

const spec = z.strictObject({
  handler: text.default(''),
  function: text.default(''),
  'function-content-type': text.default(''),
  checksum: text.default(''),
  runtime: text.default(''),
  timeout: quantity.default('180'),
  deps: text.default(''),
  schedule: text.optional(),
  type: text.optional(),
  topic: text.optional(),
  service: service.optional(),
  deployment: deployment.optional(),
  horizontalPodAutoscaler: z.unknown().optional(),
});

/**
 * A Function resource as Kubeless's command line sends it and its controller reads it. What is Kubernetes'
 * own (metadata, deployment, service) may hold more than is read here.
 */
export const functionSchema = z.looseObject({
  apiVersion: z.literal('kubeless.io/v1beta1'),
  kind: z.literal('Function'),
  metadata: z.looseObject({
    name: text,
    namespace: text.default('default'),
    labels: z.record(text, text).default({}),
  }),
  spec,
});

export type FunctionResource = z.infer<typeof functionSchema>;
export type FunctionSpec = FunctionResource['spec'];
export type FunctionContainer = z.infer<typeof container>;

/** The container of a function's deployment; empty where the resource says nothing of it. */
export function containerOf({ deployment }: FunctionSpec): FunctionContainer {
  return deployment?.spec.template.spec.containers?.[0] ?? {};
}
