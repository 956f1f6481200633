import type { Entry } from '../../config/entries.js';
import type { FileEntry } from '../../engine/index.js';
import { RuntimeKitError } from '../../errors.js';
import type { Content } from '../content/unpack.js';
import { splitHandler } from '../resource/names.js';
import type { FunctionResource } from '../resource/schema.js';

/** Name of the function's file where its runtime is not known here. */
const PLAIN_FILE = 'function';

/**
 * What lies in the function's folder: the content, a single file under the name that the handler gives it, and
 * the dependency file.
 *
 * @throws RuntimeKitError FUNCTION_INVALID
 */
export function filesOf(
  resource: FunctionResource,
  content: Content | undefined,
  runtime: Entry | undefined,
): FileEntry[] {
  if (!content) return [];
  const { deps } = resource.spec;
  const dependencies = runtime?.info.depName;
  if (deps !== '' && dependencies === undefined) throw withoutInstallation(resource);
  const own =
    'file' in content
      ? [{ path: fileName(resource, runtime), content: content.file }]
      : content.files;
  if ('files' in content) checkModule(resource, content.files, runtime);
  if (deps === '' || dependencies === undefined) return own;
  return [
    ...own.filter(({ path }) => path !== dependencies),
    { path: dependencies, content: deps },
  ];
}

function fileName({ spec }: FunctionResource, runtime: Entry | undefined): string {
  const suffix = runtime?.info.fileNameSuffix;
  return suffix === undefined ? PLAIN_FILE : `${splitHandler(spec.handler).module}${suffix}`;
}

function checkModule(
  { spec }: FunctionResource,
  files: FileEntry[],
  runtime: Entry | undefined,
): void {
  const suffix = runtime?.info.fileNameSuffix;
  if (suffix === undefined) return;
  const { module, name } = splitHandler(spec.handler);
  const wanted = `${module}${suffix}`;
  if (files.some(({ path }) => path === wanted)) return;
  const candidates = files.map(({ path }) => path).filter((path) => path.endsWith(suffix));
  const top = candidates.filter((path) => !path.includes('/'));
  throw new RuntimeKitError(
    'FUNCTION_INVALID',
    `handler "${spec.handler}" wants ${wanted}, and the archive has ${shortList(candidates, suffix)}`,
    {
      hint:
        top[0] === undefined
          ? `pack it from inside its folder, so that ${wanted} is at the top`
          : `give --handler ${top[0].slice(0, -suffix.length)}.${name}, or rename the file`,
    },
  );
}

function shortList(paths: string[], suffix: string): string {
  if (paths.length === 0) return `no ${suffix} file`;
  const shown = paths.slice(0, 5).join(', ');
  return paths.length > 5 ? `${shown} and ${paths.length - 5} more` : shown;
}

function withoutInstallation({ metadata, spec }: FunctionResource): RuntimeKitError {
  const runtime =
    spec.runtime === '' ? 'an image without a runtime' : `the runtime ${spec.runtime}`;
  return new RuntimeKitError(
    'FUNCTION_INVALID',
    `${metadata.name}: ${runtime} is not told how to install dependencies`,
    { hint: 'put them into the image, or into the archive with the function' },
  );
}
