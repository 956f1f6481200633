import type { Command } from 'commander';
import type { PlanFlags } from '../pin-flags.js';

export function register(program: Command): void {
  // Flags behind the name of a subcommand are for that one, though pin has some of the same name.
  const pin = program.command('pin').enablePositionalOptions();
  addPlanOptions(pin)
    .description('pin pushed images whose reports passed: writes lock files with their evidence')
    .addHelpText('after', EXAMPLES)
    .action(pinAll);
  addPlanOptions(pin.command('plan'))
    .description('show what pin would change, and how much that is; writes no lock')
    .option('--out <file>', 'write the plan there, for pin apply')
    .addHelpText('after', PLAN_EXAMPLES)
    .action(plan);
  pin
    .command('apply')
    .argument('<plan>', 'a file that pin plan --out wrote')
    .description('carry a plan out, unless anything moved since')
    .option('--json', 'print the plan as JSON')
    .addHelpText('after', '\nExamples:\n  $ runtime-kit pin apply plan.json')
    .action(apply);
  pin
    .command('verify')
    .description('check all pins against their evidence, without a network')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  $ runtime-kit pin verify')
    .action(verify);
  for (const command of pin.commands) command.configureHelp({ showGlobalOptions: false });
}

function addPlanOptions(command: Command): Command {
  return command
    .argument('[selectors...]', 'languages or runtime ids; the newest of each language if none')
    .option('--all', 'every version, not only the newest')
    .option('--registry <host/prefix>', 'the one to pin, where images were pushed to several')
    .option('--allow-unverified', 'also what no report proves; the lock says so')
    .option('--json', 'print the plan as JSON');
}

const EXAMPLES = `
A pin is new, patch (another base or other versions of packages), minor (the server, its build or the
contract's rules changed) or breaking (a package, a platform or a rule that held is gone).

Examples:
  $ runtime-kit pin
  $ runtime-kit pin plan LANGUAGE --out plan.json
  $ runtime-kit pin apply plan.json
  $ runtime-kit pin verify`;

const PLAN_EXAMPLES = `
Examples:
  $ runtime-kit pin plan
  $ runtime-kit pin plan --all --json | jq
  $ runtime-kit pin plan LANGUAGE --out plan.json`;

async function pinAll(selectors: string[], flags: PlanFlags): Promise<void> {
  const [{ chosen }, { pinNow }, { interruptible }, output] = await load();
  const { catalog, variants } = await chosen(selectors, flags);
  const plan = await interruptible((signal) => pinNow(catalog, variants, { ...flags, signal }));
  output.printPinned(plan, flags);
}

async function plan(selectors: string[], flags: PlanFlags & { out?: string }): Promise<void> {
  const [{ chosen }, { planPins, writePlan }, { interruptible }, output] = await load();
  const { catalog, variants } = await chosen(selectors, flags);
  const planned = await interruptible((signal) =>
    planPins(catalog, variants, { ...flags, signal }),
  );
  if (flags.out !== undefined) await writePlan(flags.out, planned.plan);
  output.printPlan(planned.plan, flags);
}

async function apply(file: string, flags: { json?: true }): Promise<void> {
  const [{ loadRepositoryCatalog }, { applyPlan, readPlan }, { interruptible }, output] =
    await load();
  const plan = await readPlan(file);
  const catalog = await loadRepositoryCatalog();
  const applied = await interruptible((signal) => applyPlan(catalog, plan, signal));
  output.printPinned(applied, flags);
}

async function verify(flags: { json?: true }): Promise<void> {
  const [{ loadRepositoryCatalog }, { checkPins, pinsFolder }, , output] = await load();
  output.printChecks(await checkPins(pinsFolder(await loadRepositoryCatalog())), flags);
}

async function load() {
  return Promise.all([
    import('../pin-flags.js'),
    import('../../pins/index.js'),
    import('../interrupt.js'),
    import('../pin-output.js'),
  ]);
}
