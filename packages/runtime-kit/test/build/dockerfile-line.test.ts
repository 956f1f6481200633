import { expect, test } from 'vitest';
import { lineOfStep } from '../../src/build/dockerfile-line.js';

const DOCKERFILE = `# header
ARG BASE=x
FROM $BASE AS base
RUN one \\
    && two

FROM scratch
# a comment \\
COPY a /a
LABEL x=y
WORKDIR /a
FROM base AS last
ENV a=b
RUN three
`;

test.each([
  ['[base 1/2] FROM docker.io/x', 3],
  ['[base 2/2] RUN one && two', 4],
  ['[stage-1 1/2] COPY a /a', 9],
  ['[stage-1 2/2] WORKDIR /a', 11],
  ['[last 1/1] RUN three', 14],
  ['[internal] load build context', undefined],
  ['exporting to image', undefined],
])('%s begins at line %s', (step, line) => {
  expect(lineOfStep(DOCKERFILE, step)).toBe(line);
});
