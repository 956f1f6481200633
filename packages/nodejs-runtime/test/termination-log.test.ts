import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { writeTerminationLog } from '../src/supervisor/termination-log.js';

test('the first bytes of the reason are kept', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'termination-log-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'log');
  vi.stubEnv('KUBELESS_TERMINATION_LOG', file);
  onTestFinished(() => void vi.unstubAllEnvs());
  writeTerminationLog(`first${'x'.repeat(5000)}`);
  const text = await readFile(file, 'utf8');
  expect(text).toMatch(/^first/);
  expect(text).toHaveLength(4096);
  writeTerminationLog('second');
  expect(await readFile(file, 'utf8')).toBe('second\n');
});

test('a log that cannot be written is said, and is no error', () => {
  vi.stubEnv('KUBELESS_TERMINATION_LOG', '/no/such/folder/log');
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  onTestFinished(() => {
    vi.unstubAllEnvs();
    said.mockRestore();
  });
  writeTerminationLog('reason');
  expect(said.mock.lastCall?.[0]).toContain('/no/such/folder/log cannot be written');
});
