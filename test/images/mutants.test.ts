import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { trustedCaFile } from '../../packages/runtime-kit/src/base/index.js';
import { imageName, loadRepositoryCatalog } from '../../packages/runtime-kit/src/catalog/index.js';
import { packFiles } from '../../packages/runtime-kit/src/engine/index.js';
import { askedOfImage, LIMIT_MS } from '../mutants/asked.js';
import { IMAGE_MUTANTS, type ImageMutant } from '../mutants/image-mutants.js';
import { failuresOf, judge, render } from '../mutants/table.js';
import { REFERENCE, verifyTargets } from '../mutants/verify-reference.js';
import { engine, ROOT } from './support.js';

const REFERENCE_IMAGES = {
  reference: 'runtime-kit-test/reference:1',
  buildReference: 'runtime-kit-test/reference-build:1',
};

const mutants = Object.values(IMAGE_MUTANTS).flat();
const { config, runtimes } = await loadRepositoryCatalog(ROOT);
const trustedCa = trustedCaFile(config.trustedCa, ROOT);

beforeAll(async () => {
  await build(REFERENCE_IMAGES.buildReference, 'build');
  await build(REFERENCE_IMAGES.reference, 'runtime');
  for (const mutant of mutants) {
    const { lines, image = 'runtime' } = mutant;
    await build(ownImage(mutant), 'mutant', [`FROM ${image} AS mutant`, ...lines]);
  }
});

afterAll(async () => {
  for (const image of [...mutants.map(ownImage), ...Object.values(REFERENCE_IMAGES)])
    await engine.images.remove(image);
});

test('the reference image keeps the contract', { timeout: LIMIT_MS }, async ({ signal }) => {
  const target = { kind: 'image' as const, name: 'reference', ...REFERENCE_IMAGES };
  const options = { signal, trustedCaFile: trustedCa, remeasures: true };
  const { targets } = await verifyTargets([target], options);
  expect(failuresOf(targets)).toEqual([]);
});

test('the suite fails every image on the rules that it breaks, and on no other', {
  timeout: LIMIT_MS,
}, async ({ signal }) => {
  const targets = mutants.map((mutant) => {
    const { name, image } = mutant;
    const own = image === 'build' ? 'buildReference' : 'reference';
    const images = { ...REFERENCE_IMAGES, [own]: ownImage(mutant) };
    return { kind: 'image' as const, name, ...images, ...askedOfImage(mutant) };
  });
  const report = await verifyTargets(targets, { signal, trustedCaFile: trustedCa });
  const table = judge(
    report,
    mutants.map(({ name }) => name),
  );
  console.log(render(table));
  expect(table.wrong).toEqual([]);
  expect(table.missing).toEqual([]);
});

/** A mutant has one image of its own, the other one is the reference's. */
function ownImage({ name, image }: ImageMutant): string {
  return `runtime-kit-test/${name}${image === 'build' ? '-build' : ''}:1`;
}

/** Builds a stage of the reference's Dockerfile, with these lines behind the others. */
async function build(image: string, target: string, lines: string[] = []): Promise<void> {
  const [variant] = runtimes.find(({ language }) => language === 'nodejs')?.variants ?? [];
  if (!variant) throw new Error('there is no runtime that brings Node.js');
  const dockerfile = await readFile(join(REFERENCE, 'Dockerfile'), 'utf8');
  await engine.images.build({
    context: packFiles([
      ...(await filesOf('server')),
      ...(await filesOf('phases')),
      { path: 'Dockerfile', content: [dockerfile, ...lines, ''].join('\n') },
    ]),
    dockerfile: 'Dockerfile',
    target,
    tags: [image],
    args: {
      NODE: imageName(config.prefix, variant, 'runtime'),
      NODE_BUILD: imageName(config.prefix, variant, 'build'),
    },
    labels: {},
  });
}

async function filesOf(folder: string) {
  const names = await readdir(join(REFERENCE, folder));
  return Promise.all(
    names.map(async (name) => ({
      path: `${folder}/${name}`,
      content: await readFile(join(REFERENCE, folder, name)),
    })),
  );
}
