import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { glob } from 'tinyglobby';
import { ensureBase, ensureBuildFiles } from '../../base/index.js';
import { imageName } from '../../catalog/index.js';
import { expand, type Values, valuesOf } from '../../dockerfile/expand.js';
import { CA_MOUNT, CA_USE, STAGES } from '../../dockerfile/partials.js';
import { type FileEntry, type ImageInfo, packFiles } from '../../engine/index.js';
import { RuntimeKitError } from '../../errors.js';
import { TEMPLATE_FILE } from '../../generate/outputs.js';
import { BENCH_LABEL } from '../load/tool-image.js';
import { type ScenarioName, scenarioOf } from '../scenarios.js';
import { benchFolder } from './load.js';
import type { ContenderManifest } from './schema.js';
import type { BenchTarget } from './target.js';
import type { Workshop } from './workshop.js';

/** Ours, so that nobody has rights that another lacks. */
const USER = '1000';

/** A contender of bench.yaml, in an image that is the stage of its id of bench/Dockerfile.template. */
export async function rebuiltTarget(
  shop: Workshop,
  contender: ContenderManifest,
): Promise<BenchTarget> {
  const { catalog, variant } = shop;
  const { runtime, version } = variant;
  const name = `${catalog.config.prefix}/bench-${runtime.language}-${contender.id}:${version.version}`;
  const image = await buildStage(shop, contender, name);
  return {
    info: {
      key: `${variant.id}/${contender.id}`,
      runtime: variant.id,
      language: runtime.manifest.title,
      contender: contender.id,
      title: contender.title,
      kind: contender.kind,
      workers: shop.workers,
      source: contender.source,
      image: { name, id: image.id, throwAway: true, sizeBytes: image.sizeBytes },
      goals: contender.goals,
      budgets: {},
    },
    scenarios: shop.scenarios.filter((name) => name !== 'work'),
    options: (scenario) => ({
      image: image.id,
      env: environmentOf(shop, contender, scenario),
      user: USER,
    }),
  };
}

function environmentOf(
  { variant, manifest, workers }: Workshop,
  { id, env }: ContenderManifest,
  scenario: ScenarioName,
): Record<string, string> {
  const values: Values = {
    ...valuesOf(variant),
    scenario,
    handler: manifest.function.handlers[scenario],
    workers,
    connections: scenarioOf(scenario).connections,
  };
  const expanded = Object.entries(env).map(([name, value]) => [
    name,
    expand(value, values, `bench.yaml: ${id}: env.${name}`),
  ]);
  return Object.fromEntries(expanded);
}

/** The engine's cache decides what is to be done: an unchanged image takes no time. */
async function buildStage(
  shop: Workshop,
  contender: ContenderManifest,
  name: string,
): Promise<ImageInfo> {
  const { engine, catalog, variant, onStatus, signal } = shop;
  const { config } = catalog;
  const { suite } = variant.version;
  onStatus(`building ${name}`);
  const [base, files] = await Promise.all([
    ensureBase(engine, { config, suite, ...(signal ? { signal } : {}) }),
    ensureBuildFiles(engine, catalog, suite),
  ]);
  const content = files.dockerfile(await renderTemplate(shop, contender));
  const dockerfile = { path: 'Dockerfile', content };
  const before = await engine.images.find(name);
  const id = await engine.images.build({
    context: packFiles([dockerfile, ...(await contextFiles(shop, contender))]),
    dockerfile: 'Dockerfile',
    target: contender.id,
    tags: [name],
    args: { BASE: base.name, ...files.args },
    labels: { [BENCH_LABEL]: contender.id },
    ...(signal ? { signal } : {}),
  });
  if (before && before.id !== id) await engine.images.removeUntagged(before.id);
  return engine.images.require(id);
}

/** @throws RuntimeKitError TEMPLATE_INVALID for a missing file, stage or value. */
async function renderTemplate(
  { variant, catalog, buildImage }: Workshop,
  { id }: ContenderManifest,
) {
  const file = join(benchFolder(variant.runtime), TEMPLATE_FILE);
  const template = existsSync(file) ? await readFile(file, 'utf8') : '';
  if (!new RegExp(`^FROM\\s.+\\sAS\\s+${id}\\s*$`, 'im').test(template))
    throw new RuntimeKitError('TEMPLATE_INVALID', `${file}: there is no stage "${id}"`, {
      hint: `bench.yaml names ${id} as a contender; add a line "FROM … AS ${id}"`,
    });
  const { prefix } = catalog.config;
  const values: Values = {
    ...valuesOf(variant),
    base: 'scratch',
    images: {
      runtime: imageName(prefix, variant, 'runtime'),
      ...(buildImage ? { build: imageName(prefix, variant, 'build') } : {}),
    },
    ca: { mount: CA_MOUNT, use: CA_USE },
  };
  return expand(template, values, file, { stages: STAGES });
}

async function contextFiles(
  { variant: { runtime } }: Workshop,
  { extraFiles }: ContenderManifest,
): Promise<FileEntry[]> {
  const folder = benchFolder(runtime);
  const paths = await glob('**', {
    cwd: folder,
    dot: true,
    ignore: ['**/node_modules/**', '**/__pycache__/**', '**/*.pyc', TEMPLATE_FILE, 'bench.yaml'],
  });
  const wanted: [string, string][] = [
    ...paths.sort().map((path): [string, string] => [path, join(folder, path)]),
    ...Object.entries(extraFiles).map(([name, path]): [string, string] => [
      name,
      join(runtime.folder, path),
    ]),
  ];
  return Promise.all(wanted.map(async ([path, file]) => ({ path, content: await readFile(file) })));
}
