import type { Command } from 'commander';
import type { VariantStatus } from '../../build/index.js';

export function register(program: Command): void {
  program
    .command('status')
    .argument('[selectors...]', 'languages or runtime ids; the newest of each language if none')
    .description('show what was built and verified here')
    .option('--all', 'every version, not only the newest')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  $ runtime-kit status --all')
    .action(run);
}

async function run(selectors: string[], options: { all?: true; json?: true }): Promise<void> {
  const [catalogs, { statusOf }, { print, printJson, printTable }] = await Promise.all([
    import('../../catalog/index.js'),
    import('../../build/index.js'),
    import('../print.js'),
  ]);
  const { repository, runtimes } = await catalogs.loadRepositoryCatalog();
  const variants = catalogs.selectVariants(runtimes, selectors, options);
  const all = await Promise.all(variants.map((variant) => statusOf(repository, variant)));
  if (options.json) return printJson(all.map(asJson));
  printTable(
    ['runtime', 'image', 'size', 'passed', 'failed', 'gaps', 'skipped', 'n/a', 'time'],
    await Promise.all(all.map(row)),
  );
  // What must be compiled first cannot be served from its folder.
  const [first] = all.filter(
    ({ record, variant }) => record && !variant.runtime.manifest.phases.compilation,
  );
  if (first) print(`\nTry one by hand:\n  ${tryLine(first)}\n  curl http://127.0.0.1:8080/`);
}

function asJson({ variant, record, evidence, current }: VariantStatus) {
  return {
    runtime: variant.id,
    image: record?.images.runtime,
    verified: evidence && {
      ...evidence.report.targets[0]?.summary,
      verdict: evidence.report.passed ? 'passed' : 'failed',
      started: evidence.report.started,
      durationMs: evidence.report.durationMs,
      current,
    },
  };
}

async function row({ variant, record, evidence, current }: VariantStatus): Promise<string[]> {
  const { mebibytes, seconds } = await import('../print.js');
  if (!record) return [variant.id, 'not built'];
  const { name, sizeBytes } = record.images.runtime;
  const summary = evidence?.report.targets[0]?.summary;
  if (!evidence || !summary) return [variant.id, name, mebibytes(sizeBytes), 'not verified'];
  const time = `${seconds(evidence.report.durationMs)}${current ? '' : ' (by an older suite)'}`;
  const { passed, failed, gap, skipped, inapplicable } = summary;
  const counts = [passed, failed, gap, skipped, inapplicable].map(String);
  return [variant.id, name, mebibytes(sizeBytes), ...counts, time];
}

/** Serves the fixture that the suite itself calls: every language has it. */
function tryLine({ variant, record }: VariantStatus): string {
  const { folder, manifest } = variant.runtime;
  const { module, handler } = manifest.conformance;
  return `docker run --rm -p 127.0.0.1:8080:8080 -v ${folder}/fixtures/functions:/kubeless:ro -e MOD_NAME=${module} -e FUNC_HANDLER=${handler} ${record?.images.runtime.name}`;
}
