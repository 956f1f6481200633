import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import {
  connectEngine,
  evidenceFile,
  loadRepositoryCatalog,
  type PushEvent,
  pushBuilds,
  recordFile,
  suiteHash,
  writeWhole,
} from 'runtime-kit';
import { onTestFinished, vi } from 'vitest';
import type { BuildRecord } from '../../packages/runtime-kit/src/build/index.js';
import { type RuleResult, runtimeFacts } from '../../packages/runtime-kit/src/conformance/index.js';
import { packFiles } from '../../packages/runtime-kit/src/engine/index.js';
import { sha256 } from '../../packages/runtime-kit/src/pins/lock.js';
import { proofOf } from '../../packages/runtime-kit/test/support/proof.js';
import { engine, folderOf, runKit } from './support.js';

const run = promisify(execFile);

/** What the engine's own images are of. */
export const HOST = (await engine.info()).architecture;

const MANIFEST = `
apiVersion: runtime-kit/v1
language: toy
title: Test
function: { suffix: .txt, dependencies: deps.txt, registry: 'https://packages.example' }
inputs: ['server/**']
phases: { installation: { command: 'true' } }
capabilities: { data: parsed, checks: load }
conformance: { module: function, handler: handler }
versions:
  - { version: '1', suite: trixie, released: 2024-01-01, endOfLife: 2099-01-01 }
`;

export interface BuildOptions {
  /** Other inputs have another hash. */
  inputs?: string;
  packages?: string[];
  architecture?: string;
  megabytes?: number;
}

/** A repository of one toy runtime whose images are made of a file each, so that all is quick. */
export class Pinnable {
  private constructor(
    readonly folder: string,
    private readonly prefix: string,
  ) {}

  static async create(): Promise<Pinnable> {
    const prefix = `runtime-kit-test/${randomBytes(4).toString('hex')}`;
    const folder = await folderOf({
      'runtime-kit.config.yaml': `apiVersion: runtime-kit/v1\nprefix: ${prefix}\n`,
      'images/toy/runtime.yaml': MANIFEST,
    });
    return new Pinnable(folder, prefix);
  }

  /** What the library takes, where a command in a process of its own is not the point. */
  async catalog() {
    const catalog = await loadRepositoryCatalog(this.folder);
    return { catalog, variants: catalog.runtimes.flatMap(({ variants }) => variants) };
  }

  /** Returns what was done, step by step. */
  async push(registry: string, env: Record<string, string> = {}): Promise<string[]> {
    const { catalog, variants } = await this.catalog();
    const actions: string[] = [];
    const onEvent = ({ action }: PushEvent) => actions.push(action);
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    try {
      await pushBuilds(catalog, variants, { registry, connect: connectEngine, onEvent });
      return actions;
    } finally {
      vi.unstubAllEnvs();
    }
  }

  kit(args: string[], env: Record<string, string> = {}) {
    return runKit(args, this.folder, env);
  }

  /** Builds images of new content and records them as a build does. */
  async build(options: BuildOptions = {}): Promise<BuildRecord> {
    const { inputs = 'inputs', packages = ['pkg:deb/debian/libc6@2.41'] } = options;
    const [runtime, build] = await Promise.all([
      this.image('toy', packages, options),
      this.image('toy-build', packages, options),
    ]);
    const record: BuildRecord = {
      runtime: 'toy1',
      inputHash: sha256(inputs).replace('sha256:', ''),
      inputs: {},
      base: { name: 'base', digest: `sha256:${'b'.repeat(64)}`, source: 'registry' },
      revision: 'unknown',
      images: { runtime, build },
      builtAt: new Date().toISOString(),
      durationMs: 1,
    };
    await writeWhole(recordFile(this.folder, 'toy1'), JSON.stringify(record));
    return record;
  }

  private async image(repository: string, packages: string[], options: BuildOptions) {
    const name = `${this.prefix}/${repository}:1`;
    await run('docker', ['load', '--quiet', '--input', await this.archiveOf(name, options)]);
    const { id, sizeBytes, layers } = await engine.images.require(name);
    onTestFinished(() => engine.images.remove(id).catch(() => engine.images.remove(name)));
    return { name, id, sizeBytes, layers, packages };
  }

  /** As `docker save` writes it: so it may be of any platform, and nothing has to be built. */
  private async archiveOf(name: string, { architecture = HOST, megabytes = 0 }: BuildOptions) {
    const content = randomBytes(16 + megabytes * 2 ** 20);
    const layer = await buffer(packFiles([{ path: 'content', content }]));
    const config = JSON.stringify({
      architecture,
      os: 'linux',
      config: {},
      rootfs: { type: 'layers', diff_ids: [sha256(layer)] },
    });
    const manifest = [{ Config: 'config.json', RepoTags: [name], Layers: ['layer.tar'] }];
    const file = join(this.folder, `${randomBytes(4).toString('hex')}.tar`);
    const entries = [
      { path: 'config.json', content: config },
      { path: 'layer.tar', content: layer },
      { path: 'manifest.json', content: JSON.stringify(manifest) },
    ];
    await writeFile(file, packFiles(entries));
    return file;
  }

  /** Keeps a report of the images as a full verification does in which every rule held. */
  async prove(
    { images }: BuildRecord,
    changes: Record<string, Partial<RuleResult>> = {},
  ): Promise<string> {
    const { catalog } = await this.catalog();
    const [runtime] = catalog.runtimes;
    if (!runtime) throw new Error('there is no toy');
    const proof = proofOf({
      runtime: 'toy1',
      imageId: images.runtime.id,
      buildImageId: images.build?.id,
      suite: await suiteHash(runtime),
      facts: runtimeFacts(runtime, '1'),
      changes,
    });
    const file = evidenceFile(this.folder, 'toy1');
    await writeWhole(file, JSON.stringify(proof));
    return file;
  }

  async provedBuild(options: BuildOptions = {}): Promise<BuildRecord> {
    const record = await this.build(options);
    await this.prove(record);
    return record;
  }
}
