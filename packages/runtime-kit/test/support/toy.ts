import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';

/** A manifest that is right in every way; tests break one thing of it. */
export function toyManifest(changes: Record<string, unknown> = {}) {
  return {
    apiVersion: 'runtime-kit/v1',
    language: 'toy',
    title: 'Toy',
    function: { suffix: '.toy', dependencies: 'toys.txt', registry: 'https://toys.example' },
    inputs: ['server/**'],
    phases: { installation: { command: 'install-toys' } },
    capabilities: { data: 'parsed', checks: 'load' },
    conformance: { module: 'function', handler: 'handler' },
    versions: [
      { version: '1.9', suite: 'bookworm', released: '2022-01-01', endOfLife: '2025-01-01' },
      { version: '1.10', suite: 'trixie', released: '2024-01-01', endOfLife: '2030-01-01' },
    ],
    ...changes,
  };
}

export const TOY_TEMPLATE = `{{> stages}}

FROM base AS build
RUN {{ca.mount}} {{ca.use}} install {{vars.tool}}

FROM scratch AS runtime
COPY server /server
{{labels}}
USER 1000
ENTRYPOINT ["/server/toy{{version}}"]
`;

/** Writes files under a fresh folder that goes away with the test; returns the folder. */
export async function folderOf(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'runtime-kit-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return folder;
}

/** A repository with the toy language in it. */
export function toyRepository(
  files: Record<string, string> = {},
  manifest = toyManifest({ vars: { tool: 'toys-{{version}}' } }),
): Promise<string> {
  return folderOf({
    'runtime-kit.config.yaml': 'apiVersion: runtime-kit/v1\nprefix: test\n',
    'images/toy/runtime.yaml': stringify(manifest),
    'images/toy/Dockerfile.template': TOY_TEMPLATE,
    'images/toy/server/main.toy': 'serve',
    ...files,
  });
}
