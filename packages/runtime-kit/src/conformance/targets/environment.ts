import type { RuntimeFacts, StartOptions } from './target.js';

/** The variables of the contract: a local process gets none of them from the caller's shell. */
const CONTRACT = /^(FUNC_|MOD_|KUBELESS_|REQ_|CORS_ORIGIN$|LOG_FORMAT$)/;

/**
 * What the platform sets for the runtime phase, then the manifest's `env`, then the case's own;
 * `$(NAME)` refers to another variable, as in a Kubernetes manifest.
 */
export function serverEnvironment(
  runtime: RuntimeFacts | undefined,
  folder: string,
  platform: Record<string, string>,
  { env = {} }: StartOptions,
): Record<string, string> {
  const defaults = runtime
    ? { ...functionEnvironment(runtime, folder), ...platform, ...runtime.env }
    : platform;
  const wanted = Object.entries({ ...defaults, ...env });
  return expandReferences(
    Object.fromEntries(wanted.filter((entry): entry is [string, string] => entry[1] !== undefined)),
  );
}

/** What the platform sets for the phases before run time. */
export function phaseEnvironment(
  runtime: RuntimeFacts,
  folder: string,
  env: Record<string, string | undefined>,
): Record<string, string> {
  const all = { ...functionEnvironment(runtime, folder), ...env };
  return expandReferences(
    Object.fromEntries(
      Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  );
}

function functionEnvironment(runtime: RuntimeFacts, folder: string): Record<string, string> {
  return {
    MOD_NAME: runtime.module,
    FUNC_HANDLER: runtime.handler,
    FUNC_RUNTIME: runtime.language,
    FUNC_MEMORY_LIMIT: '256Mi',
    KUBELESS_FUNC_NAME: 'conformance',
    KUBELESS_INSTALL_VOLUME: folder,
    KUBELESS_DEPS_FILE: `${folder}/${runtime.dependencies}`,
  };
}

/** Puts the values of other variables where `$(NAME)` stands, as in a Kubernetes manifest. */
export function expandReferences(env: Record<string, string>): Record<string, string> {
  const expand = (value: string): string =>
    value.replaceAll(/\$\(([A-Za-z_]\w*)\)/g, (whole, name: string) => env[name] ?? whole);
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, expand(value)]));
}

/** The caller's environment without the contract's variables. */
export function ownEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !CONTRACT.test(entry[0]),
    ),
  );
}
