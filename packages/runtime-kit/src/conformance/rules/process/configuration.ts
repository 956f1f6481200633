import type { Case, Rule } from '../../rule.js';
import type { FailedStart } from '../../targets/target.js';
import { check, contains, equal } from '../../testing/expect.js';

const MAX_TERMINATION_BYTES = 4096;

/** A setting that no server can work with. */
const BAD: { name: string; value: string }[] = [
  { name: 'FUNC_PORT', value: 'abc' },
  { name: 'FUNC_PORT', value: '70000' },
  { name: 'FUNC_TIMEOUT', value: '-1' },
  { name: 'FUNC_TIMEOUT', value: 'soon' },
  { name: 'MOD_NAME', value: '' },
  { name: 'MOD_NAME', value: './function' },
  { name: 'FUNC_HANDLER', value: 'no_such_handler_4711' },
  { name: 'REQ_MB_LIMIT', value: 'much' },
  { name: 'FUNC_WORKERS', value: 'some' },
  { name: 'LOG_FORMAT', value: 'xml' },
];

export const configurationRules: Rule[] = [
  {
    id: 'process.config',
    statement: 'A bad value ends the process with one line that names variable, value and fix',
    profile: 'full',
    cases: BAD.map(({ name, value }) => badValue(name, value)),
  },
  {
    id: 'process.load-error',
    statement:
      'A module that cannot be loaded ends the process; stderr and termination log say why',
    profile: 'full',
    cases: [
      loadError('a syntax error', 'syntax-error', { line: 3 }),
      loadError('a missing import', 'missing-import', { text: 'no_such_module_4711' }),
      loadError('an error while loading', 'throw-on-load', { text: 'load-4711' }),
      {
        name: 'a missing file',
        run: async (t) => {
          const failed = await t.startFailing({ env: { MOD_NAME: 'no_such_file_4711' } });
          expectReason(failed, 'no_such_file_4711');
        },
      },
      {
        name: 'of a long reason the termination log keeps the first 4,096 bytes',
        run: async (t) => {
          const handler = `long_${'x'.repeat(5000)}`;
          const failed = await t.startFailing({ env: { FUNC_HANDLER: handler } });
          expectReason(failed, 'long_xxx');
        },
      },
    ],
  },
];

function badValue(name: string, value: string): Case {
  return {
    name: `${name}=${value === '' ? '(empty)' : value}`,
    run: async (t) => {
      const failed = await t.startFailing({ env: { [name]: value } });
      check(failed.code !== 0, `exit code with ${name}="${value}": expected another one than 0`);
      const lines = `${failed.stdout}\n${failed.stderr}`.split('\n');
      const naming = lines.filter((line) => line.includes(name));
      equal(naming.length, 1, `lines of output that name ${name}`);
      const [line = ''] = naming;
      contains(line, value === '' ? /""|''|empty|not set|unset/ : value, `the line about ${name}`);
      const rest = line.replace(name, '').replace(value, '');
      check(rest.split(/\s+/).length >= 4, `the line about ${name} says no fix: ${line}`);
    },
  };
}

function loadError(
  what: string,
  fixture: string,
  expected: { line?: number; text?: string },
): Case {
  return {
    name: what,
    run: async (t) => {
      const { module, suffix } = t.runtime;
      const failed = await t.startFailing({ fixture }, 10_000);
      expectReason(failed, expected.text ?? '');
      const file = `${module}${suffix}`;
      contains(failed.termination, file, 'the termination log');
      if (expected.line !== undefined)
        contains(failed.termination, lineOf(file, expected.line), 'the termination log');
    },
  };
}

/** `file:3`, `file", line 3`, `file on line 3` and the like. */
function lineOf(file: string, line: number): RegExp {
  return new RegExp(`${file.replaceAll('.', '\\.')}\\W{1,4}(on )?(line )?\\W?${line}\\b`, 'i');
}

function expectReason(failed: FailedStart, text: string): void {
  check(failed.code !== 0, `exit code of the ${failed.step}: expected another one than 0`);
  contains(`${failed.stdout}${failed.stderr}`, text, `output of the ${failed.step}`);
  check(failed.termination !== '', 'the termination log is empty');
  contains(failed.termination, text, 'the termination log');
  const bytes = Buffer.byteLength(failed.termination);
  check(bytes <= MAX_TERMINATION_BYTES, `the termination log has ${bytes} bytes, over 4096`);
}
