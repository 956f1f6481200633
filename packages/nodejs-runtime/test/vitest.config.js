/** For test/unit, where nothing of the repository but this package is installed. */
export default { test: { include: ['test/**/*.test.ts'], testTimeout: 30_000 } };
