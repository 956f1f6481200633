import { expect, test } from 'vitest';
import { loadRepositoryCatalog } from '../../packages/runtime-kit/src/catalog/index.js';
import { leftOversSince, NOTHING, ROOT, runKit, startKit, until } from './support.js';

/** One image: that the commands tell the truth is shown here, what they find is theirs to say. */
const { runtimes } = await loadRepositoryCatalog(ROOT);
const selector = runtimes[0]?.variants[0]?.id ?? '';

function reportOf(output: string) {
  return JSON.parse(output.slice(output.indexOf('{\n'), output.lastIndexOf('\n}') + 2));
}

const before = await leftOversSince();
const leftOvers = () => leftOversSince(before);

test(`${selector} withstands 20 s of mixed traffic`, async () => {
  const { code, output } = await runKit(
    ['soak', selector, '--duration', '20s', '--seed', '7', '--json'],
    ROOT,
  );
  const [{ violations, kinds, counters }] = reportOf(output).targets;
  expect(violations).toEqual([]);
  expect(code).toBe(0);
  expect(kinds.length).toBeGreaterThan(20);
  expect(counters.length).toBeGreaterThan(20);
  expect(await leftOvers()).toEqual(NOTHING);
});

test(`${selector} withstands 300 malformed requests`, async () => {
  const { code, output } = await runKit(
    ['fuzz', selector, '--count', '300', '--seed', '7', '--json'],
    ROOT,
  );
  const [{ violations, groups }] = reportOf(output).targets;
  expect(violations).toEqual([]);
  expect(code).toBe(0);
  expect(groups.length).toBe(6);
  expect(await leftOvers()).toEqual(NOTHING);
});

test('Ctrl-C in the middle of a soak leaves nothing behind', async () => {
  const soak = startKit(['soak', selector, '--duration', '1h'], ROOT);
  await until('a container runs', async () => (await leftOvers()).containers.length > 0);
  soak.interrupt();
  expect(await soak.ended, soak.output()).toBe(130);
  expect(await leftOvers()).toEqual(NOTHING);
});
