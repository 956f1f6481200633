import { defineConfig } from 'vitest/config';

/** `unit` and `repository` need no engine; `images` builds and verifies on a real one. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['packages/*/test/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'repository',
          include: ['test/repository/**/*.test.ts', 'test/mutants/**/*.test.ts'],
          testTimeout: 120_000,
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
