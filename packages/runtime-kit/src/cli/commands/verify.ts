import { type Command, Option } from 'commander';
import type { Variant } from '../../catalog/index.js';
import type { Report, TargetRequest } from '../../conformance/index.js';

export interface VerifyFlags {
  all?: true;
  new?: true;
  profile: 'core' | 'full';
  language?: string;
  command?: string;
  prepare?: string;
  buildImage?: string;
  runtime?: string;
  rule: string[];
  reporter: 'table' | 'json' | 'junit' | 'github';
  output?: string;
}

export function register(program: Command): void {
  program
    .command('verify')
    .argument('[targets...]', 'languages, runtime ids or image references')
    .description('prove that images, or a local process, keep the runtime contract')
    .option('--all', 'every version, not only the newest')
    .option('--new', 'leave out what is proved already: same image, same suite, all passed')
    .addOption(
      new Option('--profile <name>', 'core: port and health, what any custom image must meet')
        .choices(['core', 'full'])
        .default('full'),
    )
    .option('--language <id>', 'whose functions fit; for images that do not say it themselves')
    .option('--build-image <reference>', 'image in which phases run (default: TARGET-build)')
    .option('--command <command>', 'verify a local process instead of an image; needs no engine')
    .option('--prepare <command>', "with --command: run in the function's folder first")
    .option(
      '--runtime <folder>',
      'a folder with runtime.yaml and fixtures that is no part of the repository',
    )
    .option('--rule <id>', 'only this rule; can be repeated', collect, [])
    .addOption(
      new Option('--reporter <name>', 'how to show the results')
        .choices(['table', 'json', 'junit', 'github'])
        .default('table'),
    )
    .option('--output <file>', 'write the report there instead of to stdout')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

const EXAMPLES = `
Examples:
  $ runtime-kit verify
  $ runtime-kit verify some/image:tag --profile core
  $ runtime-kit verify some/image:tag --rule timeout.cpu-loop --rule metrics.count
  $ runtime-kit verify --language LANGUAGE --command "./server --verbose"
  $ runtime-kit verify --reporter junit --output report.xml`;

function collect(value: string, all: string[]): string[] {
  return [...all, value];
}

async function run(names: string[], flags: VerifyFlags): Promise<void> {
  const [{ verify }, { loadCatalog }, { interruptible }, shown, targets, { trustedCaFile }] =
    await Promise.all([
      import('../../conformance/index.js'),
      import('../../catalog/index.js'),
      import('../interrupt.js'),
      import('../verify-output.js'),
      import('../verify-targets.js'),
      import('../../base/index.js'),
    ]);
  const catalog = await loadCatalog();
  const extra = flags.runtime === undefined ? [] : [await targets.loadRuntime(flags.runtime)];
  const runtimes = [...extra, ...catalog.runtimes];
  const chosen = await targets.chooseTargets(names, flags, { ...catalog, runtimes });
  if (chosen.length === 0) return shown.printNothingNew();
  const progress = shown.progressPrinter();
  const machineReporter = shown.machineReporter(flags);
  const report = await interruptible((signal) =>
    verify({
      targets: chosen.map(({ request }) => request),
      runtimes,
      profile: flags.profile,
      only: flags.rule,
      trustedCaFile: trustedCaFile(catalog.config.trustedCa, catalog.repository ?? process.cwd()),
      ...(machineReporter ? { machineReporter } : {}),
      onProgress: progress,
      signal,
    }),
  );
  if (flags.profile === 'full' && flags.rule.length === 0)
    await keepEvidence(catalog.repository, chosen, report);
  await shown.showReport(report, flags);
}

async function keepEvidence(
  repository: string | undefined,
  chosen: { request: TargetRequest; variant?: Variant }[],
  report: Report,
): Promise<void> {
  if (repository === undefined) return;
  const { writeEvidence } = await import('../../build/index.js');
  for (const { variant } of chosen)
    if (variant) await writeEvidence(repository, variant.runtime, variant.id, report);
}
