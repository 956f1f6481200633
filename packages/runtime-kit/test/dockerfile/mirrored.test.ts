import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { glob } from 'tinyglobby';
import { expect, test } from 'vitest';
import { readingMirrors } from '../../src/dockerfile/index.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const STAGE = `FROM \${TRUSTED_CA} AS trusted-ca\n`;
const MOUNT = '--mount=type=bind,from=trusted-ca,target=/run/trusted-ca';
const READ = '. /run/trusted-ca/mirrors; ';
const generated = await glob('{images,packages}/*/generated/*/Dockerfile', { cwd: ROOT });

test.each(generated)('every step of %s reads them, on the line where it was', async (path) => {
  const before = (await readFile(new URL(path, `file://${ROOT}`), 'utf8')).split('\n');
  const after = readingMirrors(before.join('\n')).split('\n');
  const steps = before.filter((line) => line.startsWith('RUN ')).length;
  expect(after).toHaveLength(before.length);
  expect(after.join('\n').split(READ)).toHaveLength(steps + 1);
  expect(after.join('\n').split(MOUNT)).toHaveLength(steps + 1);
  for (const [index, line] of after.entries())
    expect(line.replace(READ, '').replace(` ${MOUNT}`, '')).toBe(
      before[index]?.replace(` ${MOUNT}`, ''),
    );
});

test.each([
  ['RUN make', `RUN ${MOUNT} ${READ}make`],
  [`RUN ${MOUNT} make`, `RUN ${MOUNT} ${READ}make`],
  [
    'RUN --mount=type=cache,target=/c \\\n    make',
    `RUN ${MOUNT} --mount=type=cache,target=/c \\\n    ${READ}make`,
  ],
  [
    'RUN --network=none \\\n  --mount=type=cache,target=/c make',
    `RUN ${MOUNT} --network=none \\\n  --mount=type=cache,target=/c ${READ}make`,
  ],
  ['RUN \\\n    make', `RUN ${MOUNT} \\\n    ${READ}make`],
  ['RUN ["make"]', 'RUN ["make"]'],
  ['RUN --network=none ["make"]', 'RUN --network=none ["make"]'],
  ['# RUN make', '# RUN make'],
  ['COPY RUN /', 'COPY RUN /'],
])('%j becomes %j', (step, expected) => {
  expect(readingMirrors(`${STAGE}${step}\n`)).toBe(`${STAGE}${expected}\n`);
});

test('a Dockerfile that cannot mount them is left as it is', () => {
  expect(readingMirrors('FROM debian\nRUN make\n')).toBe('FROM debian\nRUN make\n');
});
