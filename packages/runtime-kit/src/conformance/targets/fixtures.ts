import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RuntimeKitError } from '../../errors.js';
import type { RuntimeFacts, StartOptions } from './target.js';

/** A file of a function's folder as it goes to the server: content, or a symbolic link. */
export type FunctionFile = RegularFile | { path: string; link: string };

interface RegularFile {
  path: string;
  content: Buffer;
  mode: number;
}

const READABLE = 0o644;
/** Kubernetes' name for the folder that holds one version of a ConfigMap's files. */
const VERSION_FOLDER = '..2026_01_01_00_00_00.000000001';

/** The files of a fixture, laid out as asked. */
export async function fixtureFiles(
  runtime: RuntimeFacts,
  { fixture = 'functions', layout = 'plain', files: added = {} }: StartOptions,
): Promise<FunctionFile[]> {
  const folder = join(runtime.fixtures, fixture);
  if (!existsSync(folder))
    throw new RuntimeKitError('MANIFEST_INVALID', `there is no fixture folder ${folder}`, {
      hint: 'docs/adding-a-runtime.md lists the functions that the suite calls',
    });
  const found = await readFiles(folder);
  const files = [
    ...found.filter(({ path }) => !(path in added)),
    ...Object.entries(added).map(([path, content]) => textFile(path, content)),
  ];
  return layout === 'configmap' ? asConfigMap(files) : files;
}

export async function fixtureNames(runtime: RuntimeFacts): Promise<string[]> {
  const entries = await readdir(runtime.fixtures, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function textFile(path: string, content: string): RegularFile {
  return { path, content: Buffer.from(content), mode: READABLE };
}

async function readFiles(folder: string): Promise<RegularFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async (entry) => {
      const absolute = join(entry.parentPath, entry.name);
      const path = absolute.slice(folder.length + 1);
      return { path, content: await readFile(absolute), mode: READABLE };
    }),
  );
}

/**
 * Kubernetes mounts a ConfigMap as links `file → ..data/file` and `..data → ..VERSION`, so that one
 * rename changes all files at once. Its keys are flat: a folder of files cannot come from one.
 */
function asConfigMap(files: RegularFile[]): FunctionFile[] {
  const flat = files.filter(({ path }) => !path.includes('/'));
  return [
    ...flat.map((file) => ({ ...file, path: `${VERSION_FOLDER}/${file.path}` })),
    { path: '..data', link: VERSION_FOLDER },
    ...flat.map(({ path }) => ({ path, link: `..data/${path}` })),
  ];
}
