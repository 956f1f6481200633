import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { trustedCaFile } from '../../packages/runtime-kit/src/base/index.js';
import { imageName, loadRepositoryCatalog } from '../../packages/runtime-kit/src/catalog/index.js';
import { describeTarget } from '../../packages/runtime-kit/src/conformance/run/describe.js';
import { ImageTarget } from '../../packages/runtime-kit/src/conformance/targets/image/target.js';
import type { RuntimeFacts } from '../../packages/runtime-kit/src/conformance/targets/target.js';
import {
  connectEngine,
  type Engine,
  type FileEntry,
  packFiles,
} from '../../packages/runtime-kit/src/engine/index.js';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const BIN = join(ROOT, 'packages/runtime-kit/bin/runtime-kit.js');
/** The base image that building this repository's own images brings. */
export const SUITE = 'trixie';

/** NODE_OPTIONS: a file that grows beyond its limit is then an error of the write, not the end of the process. */
export const TOLERANT = '--import=data:text/javascript,process.on(`SIGXFSZ`,()=>{})';

export const engine: Engine = await connectEngine();

/** Files in a fresh folder that goes away with the test. */
export async function folderOf(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'runtime-kit-images-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

/** Builds an image from Dockerfile lines, on our base or another image; it goes away with the test. */
export async function imageOf(
  name: string,
  lines: string[],
  { from, files = [] }: { from?: string; files?: FileEntry[] } = {},
): Promise<string> {
  const base = from ?? (await baseName());
  const tag = `runtime-kit-test/${name}:latest`;
  onTestFinished(() => engine.images.remove(tag));
  await engine.images.build({
    context: packFiles([
      { path: 'Dockerfile', content: [`FROM ${base}`, ...lines, ''].join('\n') },
      ...files,
    ]),
    dockerfile: 'Dockerfile',
    target: '',
    tags: [tag],
    args: {},
    labels: {},
  });
  return tag;
}

async function baseName(): Promise<string> {
  for (const name of [`debian:${SUITE}-slim`, `runtime-kit/base:${SUITE}`])
    if (await engine.images.find(name)) return name;
  throw new Error('there is no base image: run scripts/up first');
}

/** The newest image of a language, with functions of a test in the place of its fixtures. */
export async function imageTarget(
  language: string,
  runId: string,
  functions: Partial<RuntimeFacts>,
): Promise<ImageTarget> {
  const { config, runtimes } = await loadRepositoryCatalog(ROOT);
  const [variant] = runtimes.find((runtime) => runtime.language === language)?.variants ?? [];
  if (!variant) throw new Error(`${language} has no version`);
  const description = await describeTarget(
    { kind: 'image', name: variant.id, reference: imageName(config.prefix, variant, 'runtime') },
    { runtimes, profile: 'full', engine, trustedCaFile: trustedCaFile(config.trustedCa, ROOT) },
  );
  if (description.kind !== 'image' || !description.runtime) throw new Error('not a runtime image');
  const runtime = { ...description.runtime, ...functions };
  return new ImageTarget({ ...description, runtime }, engine, runId);
}

export interface Running {
  /** Everything that it printed so far. */
  output(): string;
  interrupt(): void;
  ended: Promise<number | null>;
}

/** Starts the command line as a process, for tests that do something to it while it runs. */
export function startKit(args: string[], cwd: string, env: Record<string, string> = {}): Running {
  return startProgram(BIN, args, cwd, env);
}

/** The same of any program of this repository. */
export function startProgram(
  program: string,
  args: string[],
  cwd: string,
  env: Record<string, string> = {},
): Running {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, CI: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  return {
    output: () => output,
    interrupt: () => child.kill('SIGINT'),
    ended: new Promise((resolve) => child.on('close', resolve)),
  };
}

export async function runKit(args: string[], cwd: string, env: Record<string, string> = {}) {
  const running = startKit(args, cwd, env);
  const code = await running.ended;
  return { code, output: running.output() };
}

/** Polls until a condition holds. */
export async function until(what: string, condition: () => boolean | Promise<boolean>) {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export interface LeftOvers {
  containers: string[];
  volumes: string[];
  networks: string[];
  /** Names in the folder for temporary files. */
  files: string[];
}

export const NOTHING: LeftOvers = { containers: [], volumes: [], networks: [], files: [] };

/** What runs have made since: what stood there before, of a run that was killed say, is not counted. */
export async function leftOversSince(before: LeftOvers = NOTHING): Promise<LeftOvers> {
  const label = 'io.runtime-kit.run';
  const [containers, volumes, networks, files] = await Promise.all([
    engine.containers.withLabel(label),
    engine.volumes.withLabel(label),
    engine.networks.withLabel(label),
    readdir(tmpdir()),
  ]);
  const since = (now: string[], then: string[]) => now.filter((name) => !then.includes(name));
  return {
    containers: since(containers, before.containers),
    volumes: since(volumes, before.volumes),
    networks: since(networks, before.networks),
    files: since(
      files.filter((name) => /^runtime-kit-(verify|run)-/.test(name)),
      before.files,
    ),
  };
}
