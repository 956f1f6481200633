import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

// Registered here, as hooks that ask for a folder cannot register others.
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** The programs of the server as they are in an image, in a folder that is there as long as the test file. */
export function bundlePrograms(): string {
  const folder = temporaryFolder();
  execFileSync(process.execPath, ['bundle.js', folder], { cwd: PACKAGE });
  return folder;
}

/** A folder with a function file. */
export function functionFolder(source: string): string {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, 'function.js'), source);
  return folder;
}

function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'nodejs-runtime-'));
  folders.push(folder);
  return folder;
}
