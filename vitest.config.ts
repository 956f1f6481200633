import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** `unit`, `repository` and `cluster` need no engine; `languages` and `images` build and run on a real one. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['packages/*/test/**/*.test.ts'],
          testTimeout: 30_000, // for busy machines: most take milliseconds
        },
      },
      {
        test: {
          name: 'repository',
          include: ['test/repository/**/*.test.ts', 'test/mutants/**/*.test.ts'],
          testTimeout: 120_000,
          fileParallelism: false, // they keep the processors busy, and look at the clock
        },
      },
      {
        test: {
          name: 'cluster',
          include: ['test/cluster/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'languages',
          include: ['test/languages/**/*.test.ts'],
          testTimeout: 1_200_000,
          maxConcurrency: availableParallelism(),
        },
      },
      {
        test: {
          name: 'images',
          include: ['test/images/**/*.test.ts'],
          testTimeout: 1_200_000,
          hookTimeout: 1_200_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
