/**
 * Makes the programs of the server, each one file with its libraries: reading a hundred small files is most of
 * the time that an unbundled Express server takes to start.
 *
 * node bundle.js [FOLDER]; FOLDER is dist.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

const outdir = process.argv[2] ?? 'dist';
const programs = path.join(outdir, 'programs');

/** What packages require of these is loaded when something of it is first used: for most functions it never is. */
const SELDOM = /^(crypto|mime-types)$/;

const lazy = {
  name: 'lazy',
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /.*/, namespace: 'lazy' }, ({ path: name }) => ({
      path: name,
      external: !path.isAbsolute(name),
    }));
    onResolve(
      { filter: SELDOM },
      async ({ path: name, importer, resolveDir, kind, pluginData }) => {
        // The second time it is resolved for what stands in its place.
        if (pluginData === lazy || kind !== 'require-call') return undefined;
        const asked = { importer, resolveDir, kind, pluginData: lazy };
        const { path: found } = await resolve(name, asked);
        return { path: found, namespace: 'lazy' };
      },
    );
    onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path: name }) => ({
      contents: `module.exports = new Proxy({}, { get: (_, key) => require(${JSON.stringify(name)})[key] });`,
    }));
  },
};

const options = {
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
  plugins: [lazy],
};

const main = 'src/main.ts';
const worker = 'src/worker/main.ts';
const watchdog = 'src/watchdog/main.ts';
const start = 'src/start.ts';
await build({ ...options, entryPoints: { main, worker }, outdir: programs });
await build({ ...options, entryPoints: { main: start, worker: start, watchdog }, outdir });
await writeFile(path.join(outdir, 'package.json'), '{ "type": "commonjs" }\n');
