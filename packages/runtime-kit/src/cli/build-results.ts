import type { BuildResult } from '../build/index.js';
import { RuntimeKitError } from '../errors.js';
import { report } from './failure.js';
import { mebibytes, print, printJson, printTable, seconds } from './print.js';

/**
 * The table of what was built, and every error in full.
 *
 * @throws the only error, or RuntimeKitError BUILD_FAILED that counts them.
 */
export function printBuilds(results: BuildResult[], { json }: { json?: true }): void {
  if (json)
    printJson(results.flatMap((result) => (result.outcome === 'failed' ? [] : [result.record])));
  else printTable(['runtime', 'outcome', 'image', 'size', 'time'], results.map(row));
  const failed = results.flatMap((result) => (result.outcome === 'failed' ? [result] : []));
  const [first] = failed;
  if (!first) return;
  if (failed.length === 1) throw first.error;
  if (!json) print('');
  for (const { error } of failed) report(error);
  const names = failed.map(({ planned }) => planned.variant.id).join(', ');
  throw new RuntimeKitError('BUILD_FAILED', `${failed.length} builds failed: ${names}`, {
    hint: `repeat one with \`runtime-kit build ${first.planned.variant.id}\``,
  });
}

function row(result: BuildResult): string[] {
  const { id } = result.planned.variant;
  if (result.outcome === 'failed') return [id, 'failed', '', '', ''];
  const { images, durationMs } = result.record;
  const made = [images.runtime, ...(images.build ? [images.build] : [])];
  return [
    id,
    result.outcome,
    made.map(({ name }) => name).join('\n'),
    made.map(({ sizeBytes }) => mebibytes(sizeBytes)).join('\n'),
    result.outcome === 'built' ? seconds(durationMs) : '',
  ];
}
