import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { promisify } from 'node:util';
import { trustedCaFile } from '../base/index.js';
import type { Catalog } from '../catalog/index.js';
import { expand } from '../dockerfile/index.js';
import { type Engine, reasonOf } from '../engine/index.js';
import type { Finding } from './finding.js';

const run = promisify(execFile);
const NEEDED_BYTES = 10 * 2 ** 30;
const PULL_TIMEOUT_MS = 15_000;

export function nodeVersion(): Finding {
  return { name: 'node', status: 'ok', detail: process.version };
}

/** Several platforms, secrets and attestations need buildx; plain builds do not. */
export async function buildx(): Promise<Finding> {
  const name = 'buildx';
  try {
    const { stdout } = await run('docker', ['buildx', 'version']);
    return { name, status: 'ok', detail: stdout.trim() };
  } catch {
    return {
      name,
      status: 'warning',
      detail: 'not installed; only builds for several platforms need it',
      fix: 'install docker-buildx (Debian 13, Ubuntu) or docker-buildx-plugin',
    };
  }
}

/** Whether base images can be had from a registry, asked with the smallest question there is. */
export async function registry(engine: Engine, { config, runtimes }: Catalog): Promise<Finding> {
  const name = 'image registry';
  const suite = runtimes[0]?.variants[0]?.version.suite ?? 'trixie';
  const reference = expand(config.base.reference, { suite }, 'base.reference');
  if (await engine.images.find(reference))
    return { name, status: 'ok', detail: `${reference} is on the engine` };
  try {
    await engine.images.pull(reference, AbortSignal.timeout(PULL_TIMEOUT_MS));
    return { name, status: 'ok', detail: `${reference} was pulled` };
  } catch (error) {
    return {
      name,
      status: 'warning',
      detail: `cannot pull ${reference}: ${reasonOf(error)}`,
      fix: 'base images are made with mmdebstrap instead; or set base.reference to a mirror in runtime-kit.config.yaml',
    };
  }
}

export async function bootstrapTool({ config }: Catalog): Promise<Finding> {
  const name = 'mmdebstrap';
  try {
    const { stdout } = await run('mmdebstrap', ['--version']);
    return { name, status: 'ok', detail: stdout.trim() };
  } catch {
    return {
      name,
      status: config.base.source === 'bootstrap' ? 'missing' : 'warning',
      detail: 'not installed; it makes base images where no registry is reached',
      fix: 'apt-get install mmdebstrap',
    };
  }
}

export async function diskSpace(): Promise<Finding> {
  const { bavail, bsize } = await statfs(process.cwd());
  const free = bavail * bsize;
  const detail = `${(free / 2 ** 30).toFixed(1)} GiB free`;
  return free >= NEEDED_BYTES
    ? { name: 'disk', status: 'ok', detail }
    : {
        name: 'disk',
        status: 'warning',
        detail,
        fix: 'all images together take about 10 GiB',
      };
}

export async function trustedCa({ config, repository }: Catalog): Promise<Finding> {
  const file = trustedCaFile(config.trustedCa, repository ?? process.cwd());
  return {
    name: 'trusted CA',
    status: 'ok',
    detail: file === undefined ? 'none; build steps trust what Debian does' : file,
  };
}
