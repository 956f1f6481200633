import type { Command } from 'commander';

export function register(program: Command): void {
  program
    .command('doctor')
    .description('say what this machine has for building images, what is missing and how to get it')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  $ runtime-kit doctor\n  $ runtime-kit doctor --json')
    .action(run);
}

async function run(options: { json?: true }): Promise<void> {
  const [{ examine }, { print, printJson }, { default: pc }, { RuntimeKitError }] =
    await Promise.all([
      import('../../doctor/index.js'),
      import('../print.js'),
      import('picocolors'),
      import('../../errors.js'),
    ]);
  const findings = await examine();
  const marks = {
    ok: pc.green('ok     '),
    warning: pc.yellow('warning'),
    missing: pc.red('missing'),
  };
  if (options.json) printJson(findings);
  else
    for (const { name, status, detail, fix } of findings)
      print(`${marks[status]}  ${name}: ${detail}${fix === undefined ? '' : `\n         ${fix}`}`);
  const missing = findings.filter(({ status }) => status === 'missing');
  if (missing.length > 0)
    throw new RuntimeKitError(
      'ENGINE_MISSING',
      `missing: ${missing.map(({ name }) => name).join(', ')}`,
      { hint: 'the lines above say how to get it' },
    );
}
