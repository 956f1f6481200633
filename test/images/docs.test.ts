import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { ROOT } from './support.js';

const run = promisify(execFile);

/** The commands of a page: the lines that are indented by four. */
async function commandsOf(page: string): Promise<string> {
  const lines = (await readFile(join(ROOT, page), 'utf8')).split('\n');
  return lines
    .filter((line) => line.startsWith('    '))
    .map((line) => line.slice(4))
    .join('\n');
}

test('docs/serving.md can be followed word for word', async () => {
  onTestFinished(async () => {
    await run('docker', ['rm', '-f', 'my-function']).catch(() => {});
    await run('docker', ['volume', 'rm', '-f', 'my-function']);
  });
  const commands = await commandsOf('docs/serving.md');
  const { stdout } = await run('bash', ['-euc', commands], { cwd: ROOT });
  expect(stdout).toContain('<p>Some <em>Markdown</em>.</p>');
});
