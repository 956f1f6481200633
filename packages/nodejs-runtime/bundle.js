/**
 * Makes the three programs of the server, each one file with its libraries: reading a hundred small
 * files is most of the time that an unbundled Express server takes to start.
 *
 * node bundle.js [FOLDER]; FOLDER is dist.
 */
import { build } from 'esbuild';

await build({
  entryPoints: {
    main: 'src/main.ts',
    worker: 'src/worker/main.ts',
    watchdog: 'src/watchdog/main.ts',
  },
  outdir: process.argv[2] ?? 'dist',
  bundle: true,
  splitting: true, // prom-client is loaded by the first reader of /metrics, not at the start
  chunkNames: 'chunks/[name]-[hash]',
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  alias: { 'iconv-lite': './src/worker/no-iconv.ts' },
  // Every byte of source stays in memory; names are kept for the sake of stack traces.
  minifyWhitespace: true,
  minifySyntax: true,
  // CommonJS libraries call `require` for Node's own modules, which an ES module does not have.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);",
  },
  legalComments: 'linked',
  logLevel: 'warning',
});
