import pc from 'picocolors';
import {
  type ConfigChange,
  doubtOf,
  type Finding,
  type Pinned,
  readRuntimeImages,
  type SupportedRuntime,
  supportedRuntimes,
  type Version,
} from '../config/index.js';
import { RuntimeKitError } from '../errors.js';
import { writeTogether } from '../pins/index.js';
import { print, printJson, printTable } from './print.js';

interface JsonFlag {
  json?: true | undefined;
}

/** A text as it is, its last bytes too. */
export async function printText(text: string, output: string | undefined): Promise<void> {
  if (output === undefined) {
    process.stdout.write(text);
    return;
  }
  await writeTogether(new Map([[output, text]]));
  process.stderr.write(`wrote ${output}\n`);
}

export function warnOfUnverified({ locks }: Pinned): void {
  for (const lock of locks) {
    const doubt = doubtOf(lock);
    if (doubt !== undefined)
      process.stderr.write(
        `${pc.yellow('unverified:')} ${lock.runtime} is not proved by any report: ${doubt}\n`,
      );
  }
}

/** @throws RuntimeKitError CHECK_FAILED where one of them is an error */
export function printFindings(file: string, findings: Finding[], { json }: JsonFlag): void {
  const errors = findings.filter(({ level }) => level === 'error').length;
  if (json) printJson(findings);
  else if (findings.length === 0) print(`${file}: nothing to object to`);
  else
    printTable(
      ['level', 'check', 'where', 'what'],
      findings.map(({ level, check, where, message }) => [
        level === 'error' ? pc.red(level) : pc.yellow(level),
        check,
        where,
        message,
      ]),
    );
  if (errors === 0) return;
  throw new RuntimeKitError(
    'CHECK_FAILED',
    `${file}: ${errors} ${errors === 1 ? 'error' : 'errors'}, ${findings.length - errors} warnings`,
    { hint: '`npx runtime-kit config render` makes a configuration of what is pinned' },
  );
}

/** Keys of a file that apply does not touch, where the cluster has something else. */
export function warnOfOthers(file: Record<string, string>, live: Record<string, string>): void {
  const differing = Object.keys(file).filter((key) => file[key] !== live[key]);
  if (differing.length > 0)
    process.stderr.write(
      `${pc.yellow('left as they are:')} ${differing.join(', ')}: the file says otherwise, and only runtime-images is changed\n`,
    );
}

export function printHistory(versions: Version[], { json }: JsonFlag): void {
  if (json) printJson(versions);
  else if (versions.length === 0) print('no version is kept: nothing was replaced yet');
  else
    printTable(
      ['to', 'in force until', 'runtimes'],
      versions.map(({ replacedAt, images }, index) => [
        `${index + 1}`,
        replacedAt,
        supportedRuntimes(readRuntimeImages(images).runtimes, { aliases: {} })
          .map(({ runtime }) => runtime)
          .join(', '),
      ]),
    );
}

const NOTHING = '-';

export function printDiff(changes: ConfigChange[], { json }: JsonFlag): void {
  if (json) printJson(changes);
  else if (changes.length === 0) print('no differences');
  else printTable(['runtime', 'phase', 'what', 'old', 'new'], changes.map(changeRow));
}

function changeRow({ runtime, phase, field, ...values }: ConfigChange): string[] {
  const cells = [values.old, values.new].map((value) => (field === 'image' ? short(value) : value));
  return [runtime, phase ?? NOTHING, field, ...cells.map((cell) => cell ?? NOTHING)];
}

/** Digests by their first 12 digits, as engines show them. */
function short(image: string | null): string | null {
  return image?.replace(/@sha256:([0-9a-f]{12})[0-9a-f]*$/, '@$1') ?? null;
}

export function printServerConfig(runtimes: SupportedRuntime[], { json }: JsonFlag): void {
  if (json) printJson(runtimes);
  else if (runtimes.length === 0) print('there are no runtimes');
  else printTable(['runtime', 'alias of', 'phase', 'image'], runtimes.map(runtimeRow));
}

function runtimeRow({ runtime, alias, images }: SupportedRuntime): string[] {
  const column = (key: 'phase' | 'image') => images.map((image) => image[key]).join('\n');
  return [runtime, alias ?? '', column('phase'), column('image')];
}
