/**
 * Makes the three programs of the server, each one file with its libraries: reading a hundred small
 * files is most of the time that an unbundled Express server takes to start.
 *
 * node bundle.js [FOLDER]; FOLDER is dist.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

const outdir = process.argv[2] ?? 'dist';

await build({
  entryPoints: {
    main: 'src/main.ts',
    worker: 'src/worker/main.ts',
    watchdog: 'src/watchdog/main.ts',
  },
  outdir,
  bundle: true,
  platform: 'node',
  // An ES module that imports one of Node's own loads all that this could need: a third of a start.
  format: 'cjs',
  target: 'node20.19',
  alias: { 'iconv-lite': './src/worker/no-iconv.ts' },
  // Every byte of source stays in memory; names are kept for the sake of stack traces.
  minifyWhitespace: true,
  minifySyntax: true,
  define: { 'import.meta.url': 'moduleUrl' },
  banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
  legalComments: 'linked',
  logLevel: 'warning',
});
await writeFile(path.join(outdir, 'package.json'), '{ "type": "commonjs" }\n');
