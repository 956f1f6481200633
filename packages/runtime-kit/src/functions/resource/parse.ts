import { stringify } from 'yaml';
import { RuntimeKitError } from '../../errors.js';
import { problemsOf } from '../../manifest/load.js';
import { type FunctionResource, functionSchema } from './schema.js';

/**
 * A document as a Function.
 *
 * @param name of the document, for messages.
 * @throws RuntimeKitError FUNCTION_INVALID with every problem
 */
export function parseFunction(document: unknown, name: string): FunctionResource {
  const parsed = functionSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  const lines = problemsOf(parsed.error).map(({ path, message }) => `  ${path}: ${message}`);
  throw new RuntimeKitError('FUNCTION_INVALID', `${name} is no Function\n${lines.join('\n')}`, {
    hint: '`kubeless function deploy … --dryrun` prints one',
  });
}

/** As it is sent to a cluster. */
export function functionText(resource: FunctionResource, format: 'yaml' | 'json'): string {
  if (format === 'json') return `${JSON.stringify(resource, null, 4)}\n`;
  // A cluster reads YAML 1.1, in which `yes` is no text.
  return stringify(resource, {
    sortMapEntries: true,
    lineWidth: 0,
    aliasDuplicateObjects: false,
    compat: 'yaml-1.1',
  });
}
