import type { Manifest } from '../manifest/schema.js';

/** The `.dockerignore` that lets in just the manifest's inputs, for a plain `docker build`. */
export function renderDockerignore({ inputs }: Manifest): string {
  const lines = inputs.map((glob) => `!${glob}`);
  return [
    '# Generated from runtime.yaml by `runtime-kit generate`. Do not edit.',
    '*',
    ...lines,
    '**/__pycache__',
    '**/node_modules',
    '',
  ].join('\n');
}
