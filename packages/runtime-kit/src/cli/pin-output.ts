import pc from 'picocolors';
import { RuntimeKitError } from '../errors.js';
import type { ImageChange, PinCheck, PinPlan, PlannedPin } from '../pins/index.js';
import { mebibytes, print, printJson, printTable } from './print.js';

interface JsonFlag {
  json?: true | undefined;
}

const NOTHING = '-';

export function printPlan(plan: PinPlan, { json }: JsonFlag): void {
  if (json) printJson(plan);
  else printChanges(plan);
}

export function printPinned(plan: PinPlan, { json }: JsonFlag): void {
  printPlan(plan, { json });
  if (json) return;
  const pinned = plan.pins.filter((pin) => pin.class !== 'unchanged').map(({ runtime }) => runtime);
  print(`\n${pinned.length === 0 ? 'nothing to pin' : `pinned ${pinned.join(', ')}`}`);
}

function printChanges({ pins }: PinPlan): void {
  printTable(
    ['runtime', 'class', 'image', 'digest', 'size', 'packages', 'rules'],
    pins.flatMap((pin) => pin.changes.map((change, index) => row(pin, change, index === 0))),
  );
  for (const { runtime, reasons } of pins)
    if (reasons.length > 0)
      print(`\n${pc.bold(runtime)}\n${reasons.map((one) => `  ${one}`).join('\n')}`);
  for (const { runtime, changes } of pins)
    if (changes.some(({ verdict }) => verdict.new === 'unverified'))
      print(`\n${pc.yellow('unverified:')} ${runtime} is not proved by any report`);
}

function row(
  { runtime, class: kind }: PlannedPin,
  change: ImageChange,
  isFirst: boolean,
): string[] {
  const { digest, sizeBytes, packages, rules } = change;
  const { added, removed, updated } = packages;
  const isNew = digest.old === null;
  return [
    isFirst ? runtime : '',
    isFirst ? kind : '',
    `${change.kind} ${change.platform}`,
    arrow(digest, (one) => one.replace('sha256:', '').slice(0, 12)),
    arrow(sizeBytes, mebibytes),
    isNew ? `${added.length}` : `+${added.length} -${removed.length} ~${updated.length}`,
    isNew ? NOTHING : `${rules.length}`,
  ];
}

/** `old → new`, or one of them where that says it all. */
function arrow<Value>(
  { old, new: now }: { old: Value | null; new: Value | null },
  show: (value: Value) => string,
): string {
  const [before, after] = [old, now].map((one) => (one === null ? NOTHING : show(one)));
  if (old === null || before === after) return after ?? NOTHING;
  return `${before} → ${after}`;
}

/** @throws RuntimeKitError PIN_INVALID where a pin is broken */
export function printChecks(checks: PinCheck[], { json }: JsonFlag): void {
  if (json) printJson(checks);
  else if (checks.length === 0) print('there are no pins');
  else
    printTable(
      ['pin', 'status', 'why'],
      checks.map(({ file, runtime, status, problems }) => [
        runtime ?? file,
        status,
        problems.join('\n'),
      ]),
    );
  const broken = checks.filter(({ status }) => status === 'broken');
  if (broken.length === 0) return;
  throw new RuntimeKitError(
    'PIN_INVALID',
    `${broken.length} of ${checks.length} pins do not hold: ${broken.map(({ file }) => file).join(', ')}`,
    {
      hint: 'bring lock and evidence back with git, or delete the lock file and pin the runtime again',
    },
  );
}
