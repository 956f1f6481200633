import type { Config } from '../catalog/config.js';
import type { Variant } from '../catalog/runtime.js';
import { RuntimeKitError } from '../errors.js';
import { expand, type Values, valuesOf } from './expand.js';
import { labelLines } from './labels.js';
import { CA_MOUNT, CA_USE, rootStage, STAGES } from './partials.js';

const HEADER =
  '# Generated from runtime.yaml and Dockerfile.template by `runtime-kit generate`. Do not edit.';

/**
 * A variant and its template as Dockerfile text.
 *
 * @throws RuntimeKitError TEMPLATE_INVALID for a name without a value or a missing stage.
 */
export function renderDockerfile(
  variant: Variant,
  template: string,
  file: string,
  config: Config,
): string {
  const { manifest } = variant.runtime;
  const values: Values = {
    ...valuesOf(variant),
    base: expand(config.base.reference, valuesOf(variant), file),
    ca: { mount: CA_MOUNT, use: CA_USE },
    labels: labelLines(variant, config.source),
  };
  const partials: Record<string, string> = { stages: STAGES };
  if (manifest.root) partials.root = rootStage(manifest.root);
  const text = expand(template, values, file, partials);
  requireStages(text, variant, file);
  return `${HEADER}\n${text.trimEnd()}\n`;
}

function requireStages(text: string, { runtime }: Variant, file: string): void {
  const needed =
    Object.keys(runtime.manifest.phases).length > 0 ? ['runtime', 'build'] : ['runtime'];
  for (const stage of needed)
    if (!new RegExp(`^FROM\\s.+\\sAS\\s+${stage}\\s*$`, 'im').test(text))
      throw new RuntimeKitError('TEMPLATE_INVALID', `${file}: there is no stage "${stage}"`, {
        hint: `add a line "FROM … AS ${stage}"; docs/adding-a-runtime.md says what it holds`,
      });
}
