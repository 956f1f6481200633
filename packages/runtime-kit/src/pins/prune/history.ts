import { execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { CONFIG_FILE } from '../../catalog/index.js';
import { messageOf, RuntimeKitError } from '../../errors.js';
import { lockFiles } from '../store.js';

const run = promisify(execFile);
const DIGEST = /sha256:[0-9a-f]{64}/g;
/** Wherever they were in their time, and whatever schema they had: custom runtimes name digests too. */
const PATHS = [':(top,glob)**/*.lock.json', `:(top,glob)**/${CONFIG_FILE}`];
/** Whatever the user's settings leave out of a log. */
const OWN = ['--no-replace-objects', '-c', 'log.showRoot=true', '-c', 'log.diffMerges=separate'];
const MAX_BUFFER = 2 ** 28;

/**
 * Every digest that a lock file or a configuration names: those of the working tree, and of any commit of any
 * branch, tag, stash or reflog.
 *
 * @throws RuntimeKitError PRUNE_REFUSED where history may hold pins that cannot be seen from here
 */
export async function digestsEverPinned(repository: string, pins: string): Promise<Set<string>> {
  await refusePartialHistory(repository);
  const blobs = await blobsOf(repository);
  const files = [...(await lockFiles(pins)), join(repository, CONFIG_FILE)];
  const texts = [
    await contentOf(repository, blobs),
    ...(await Promise.all(files.map((file) => readFile(file, 'utf8')))),
  ];
  return new Set(texts.flatMap((content) => content.match(DIGEST) ?? []));
}

async function refusePartialHistory(repository: string): Promise<void> {
  const shallow = await git(repository, ['rev-parse', '--is-shallow-repository']);
  if (shallow.trim() !== 'false')
    throw refused(`${repository} is a shallow clone`, 'run `git fetch --unshallow`');
}

/** Ids of all versions of the files; merges are held against each parent, and no side branch is left out. */
async function blobsOf(repository: string): Promise<string[]> {
  const flags = ['--all', '--reflog', '--full-history', '-m', '--raw', '--no-abbrev'];
  const args = [
    ...OWN,
    'log',
    ...flags,
    '--no-renames',
    '--no-color',
    '--format=',
    'HEAD',
    '--',
    ...PATHS,
  ];
  const raw = await git(repository, args);
  const ids = raw
    .split('\n')
    .filter((line) => line.startsWith(':'))
    .flatMap((line) => line.split(' ').slice(2, 4))
    .filter((id) => !/^0+$/.test(id));
  return [...new Set(ids)];
}

async function contentOf(repository: string, blobs: string[]): Promise<string> {
  const child = spawn('git', ['cat-file', '--batch'], {
    cwd: repository,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => {}); // the exit code says it
  child.stdin.end(blobs.map((id) => `${id}\n`).join(''));
  const ended = new Promise((resolve) => child.on('close', resolve));
  const content = await text(child.stdout);
  if ((await ended) !== 0 || /^[0-9a-f]{40,} missing$/m.test(content))
    throw refused(
      `${repository} lacks objects of its history`,
      'run `git fsck`, or clone it whole',
    );
  return content;
}

async function git(repository: string, args: string[]): Promise<string> {
  const options = { cwd: repository, maxBuffer: MAX_BUFFER };
  const { stdout } = await run('git', args, options).catch((error: unknown) => {
    throw refused(messageOf(error).trim(), 'run it in a whole clone with at least one commit');
  });
  return stdout;
}

function refused(reason: string, hint: string): RuntimeKitError {
  return new RuntimeKitError('PRUNE_REFUSED', `pins may be unseen: ${reason}`, { hint });
}
