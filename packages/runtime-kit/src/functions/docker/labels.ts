import { randomBytes } from 'node:crypto';

/** What everything of a function carries in an engine. */
export const LABELS = {
  function: 'io.kubeless.function',
  namespace: 'io.kubeless.namespace',
  role: 'io.kubeless.role',
  revision: 'io.kubeless.revision',
  /** The resource without its content, as JSON; the content lies on a volume. */
  resource: 'io.kubeless.resource',
  probe: 'io.kubeless.probe',
  port: 'io.kubeless.port',
} as const;

export type Role = 'front' | 'server' | 'phase' | 'volume';

export interface FunctionName {
  name: string;
  namespace: string;
}

/** The name of a function's front; it can be there once, so it is also what claims the name. */
export function frontName({ name, namespace }: FunctionName): string {
  return `kubeless.${namespace}.${name}`;
}

export function revisionName(name: FunctionName, revision: string): string {
  return `${frontName(name)}.${revision}`;
}

export function newRevision(): string {
  return randomBytes(4).toString('hex');
}

export function labelsOf(
  { name, namespace }: FunctionName,
  role: Role,
  revision?: string,
): Record<string, string> {
  return {
    [LABELS.function]: name,
    [LABELS.namespace]: namespace,
    [LABELS.role]: role,
    ...(revision === undefined ? {} : { [LABELS.revision]: revision }),
  };
}

/** Filters for what a function has in an engine, or one revision of it. */
export function filtersOf({ name, namespace }: FunctionName, revision?: string): string[] {
  return [
    `${LABELS.function}=${name}`,
    `${LABELS.namespace}=${namespace}`,
    ...(revision === undefined ? [] : [`${LABELS.revision}=${revision}`]),
  ];
}
