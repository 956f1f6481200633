import { type Command, Option } from 'commander';
import type { Variant } from '../../catalog/index.js';
import type { Report, TargetRequest } from '../../conformance/index.js';
import { addTargetOptions } from '../target-options.js';
import type { TargetFlags } from '../verify-targets.js';

export interface VerifyFlags extends TargetFlags {
  profile: 'core' | 'full';
  rule: string[];
  reporter: 'table' | 'json' | 'junit' | 'github';
  output?: string;
}

export function register(program: Command): void {
  const command = program
    .command('verify')
    .argument('[targets...]', 'languages, runtime ids or image references')
    .description('prove that images, or a local process, keep the runtime contract')
    .option('--new', 'leave out what is proved already: same image, same suite, all passed')
    .addOption(
      new Option('--profile <name>', 'core: port and health, what any custom image must meet')
        .choices(['core', 'full'])
        .default('full'),
    );
  addTargetOptions(command)
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
  const [{ verify }, { interruptible }, shown, { openChoice }] = await Promise.all([
    import('../../conformance/index.js'),
    import('../interrupt.js'),
    import('../verify-output.js'),
    import('../verify-targets.js'),
  ]);
  const { catalog, chosen, ...around } = await openChoice(names, flags);
  if (chosen.length === 0) return shown.printNothingNew();
  const progress = shown.progressPrinter();
  const machineReporter = shown.machineReporter(flags);
  const report = await interruptible((signal) =>
    verify({
      targets: chosen.map(({ request }) => request),
      ...around,
      profile: flags.profile,
      only: flags.rule,
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
