// Adds up the results that scripts/test left in a folder, and prints `N passed, N failed`.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const COUNT = {
  '.step.json': ({ passed, failed }) => ({ passed, failed }),
  '.vitest.json': ({ numPassedTests, numFailedTests, numFailedTestSuites }) => ({
    passed: numPassedTests,
    // A file that cannot be loaded has no tests that could fail.
    failed: numFailedTests || numFailedTestSuites,
  }),
  // What verify found of an image.
  '.json': ({ report }) => {
    const rules = report.targets.flatMap((target) => target.rules);
    const cases = rules.flatMap((rule) => (rule.status === 'gap' ? [] : rule.cases));
    const count = (wanted) => cases.filter(({ status }) => status === wanted).length;
    return { passed: count('passed'), failed: count('failed') };
  },
};

const [folder] = process.argv.slice(2);
const total = { passed: 0, failed: 0 };
for (const file of readdirSync(folder)) {
  const [, count] = Object.entries(COUNT).find(([suffix]) => file.endsWith(suffix)) ?? [];
  if (!count) continue;
  const { passed, failed } = count(JSON.parse(readFileSync(join(folder, file), 'utf8')));
  total.passed += passed;
  total.failed += failed;
}
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
