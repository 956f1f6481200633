import { RuntimeKitError } from '../../errors.js';
import { splitHandler } from '../resource/names.js';
import { containerOf, type FunctionResource } from '../resource/schema.js';
import { FUNCTION_FOLDER } from './types.js';

/** What the function's author set. @throws RuntimeKitError FUNCTION_INVALID for what only a cluster has */
export function ownVariables({ metadata, spec }: FunctionResource): Record<string, string> {
  const variables = containerOf(spec).env ?? [];
  const referring = variables.find(({ valueFrom }) => valueFrom !== undefined);
  if (referring)
    throw new RuntimeKitError(
      'FUNCTION_INVALID',
      `${metadata.name}: the variable ${referring.name} comes from an object of a cluster (valueFrom)`,
      { hint: `an engine has no such objects: give its value, --env ${referring.name}=VALUE` },
    );
  return Object.fromEntries(variables.map(({ name, value = '' }) => [name, value]));
}

/** What the platform tells the function, and the phases before it. */
export function platformVariables(
  { metadata, spec }: FunctionResource,
  dependencies: string | undefined,
): Record<string, string> {
  const { module, name } =
    spec.handler === '' ? { module: '', name: '' } : splitHandler(spec.handler);
  return {
    ...(spec.handler === '' ? {} : { MOD_NAME: module, FUNC_HANDLER: name }),
    ...(spec.runtime === '' ? {} : { FUNC_RUNTIME: spec.runtime }),
    MOD_ROOT_PATH: FUNCTION_FOLDER,
    KUBELESS_FUNC_NAME: metadata.name,
    KUBELESS_INSTALL_VOLUME: FUNCTION_FOLDER,
    ...(dependencies === undefined
      ? {}
      : { KUBELESS_DEPS_FILE: `${FUNCTION_FOLDER}/${dependencies}` }),
  };
}
