// Adds up the results that scripts/test left in a folder: names what failed, then prints
// `N passed, N failed`.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How a result file is read, by its suffix: how many tests passed, and the names of those that failed. */
const READERS = {
  '.step.json': ({ title, passed }) => ({
    passed: passed ? 1 : 0,
    failures: passed ? [] : [title],
  }),
  '.vitest.json': ({ numPassedTests, testResults }) => ({
    passed: numPassedTests,
    failures: testResults.flatMap(failuresOfFile),
  }),
  // What verify found of an image.
  '.json': ({ report }) => {
    const cases = report.targets.flatMap(casesOf);
    return {
      passed: cases.filter(({ status }) => status === 'passed').length,
      failures: cases.filter(({ status }) => status === 'failed').map(({ title }) => title),
    };
  },
};

function failuresOfFile({ name, status, message, assertionResults }) {
  const failed = assertionResults.filter((test) => test.status === 'failed');
  // A file that cannot be loaded has no tests that could fail.
  if (status === 'failed' && failed.length === 0) return [`${name}: ${firstLine(message)}`];
  return failed.map(
    ({ fullName, failureMessages }) => `${fullName}: ${firstLine(failureMessages[0])}`,
  );
}

function casesOf({ name, rules }) {
  return rules
    .filter(({ status }) => status !== 'gap')
    .flatMap(({ id, cases }) =>
      cases.map(({ name: title, status, message }) => ({
        status,
        title: `${name} ${id}: ${title}: ${firstLine(message)}`,
      })),
    );
}

function firstLine(text = '') {
  return text.split('\n')[0];
}

const [folder] = process.argv.slice(2);
let passed = 0;
const failures = [];
for (const file of readdirSync(folder)) {
  const [, read] = Object.entries(READERS).find(([suffix]) => file.endsWith(suffix)) ?? [];
  if (!read) continue;
  const result = read(JSON.parse(readFileSync(join(folder, file), 'utf8')));
  passed += result.passed;
  failures.push(...result.failures);
}
if (failures.length > 0) console.log(['\nFailed:', ...failures].join('\n  '));
console.log(`\n${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length > 0 || passed === 0 ? 1 : 0;
