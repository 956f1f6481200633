import { relative } from 'node:path';
import { ensureBase, ensureBuildFiles } from '../../packages/runtime-kit/src/base/index.js';
import type { Catalog } from '../../packages/runtime-kit/src/catalog/index.js';
import { RUN_LABEL } from '../../packages/runtime-kit/src/conformance/targets/image/volumes.js';
import { type Engine, packFiles } from '../../packages/runtime-kit/src/engine/index.js';
import { sourceFiles } from './sources.js';
import type { ToolsImage } from './tools.js';

const SOURCES = '/src';
/** Where tools keep what makes their next run faster, by the XDG convention. */
const CACHE = '/cache';
const USER = '1000';

export interface Ended {
  exitCode: number;
  output: string;
}

/** Tools in an image, built when the first of them is asked for. */
export class Toolbox {
  private built: Promise<ToolsImage> | undefined;

  /** @param runId labels the containers, so that an interrupted run can be cleaned up after */
  constructor(
    private readonly engine: Engine,
    private readonly catalog: Catalog & { repository: string },
    private readonly runId: string,
    private readonly plan: () => Promise<ToolsImage>,
  ) {}

  /**
   * Runs a command in a folder of a copy of the repository. Without a network, since what tools need
   * is in their image, and as a user who cannot write to the copy, so that none leaves a file there.
   *
   * @throws RuntimeKitError BUILD_FAILED with the failing step, BASE_UNREACHABLE.
   */
  async run(folder: string, command: string[]): Promise<Ended> {
    this.built ??= this.build();
    const { name } = await this.built;
    const { containers } = this.engine;
    const id = await containers.create({
      image: name,
      user: USER,
      entrypoint: command,
      command: [],
      workingDir: `${SOURCES}/${relative(this.catalog.repository, folder)}`,
      env: { HOME: '/tmp', XDG_CACHE_HOME: CACHE, LANG: 'C.UTF-8' },
      volumes: [{ name: volumeOf(name), path: CACHE }],
      labels: { [RUN_LABEL]: this.runId },
      network: 'none',
      init: true,
    });
    try {
      await containers.putFiles(id, '/', await sourceFiles(this.catalog.repository, SOURCES));
      await containers.start(id);
      const exitCode = await containers.wait(id);
      const { stdout, stderr } = await containers.logs(id);
      return { exitCode, output: stdout + stderr };
    } finally {
      await containers.remove(id);
    }
  }

  private async build(): Promise<ToolsImage> {
    const { config } = this.catalog;
    const tools = await this.plan();
    const { suite } = tools;
    const base = await ensureBase(this.engine, { config, suite });
    const { args, dockerfile } = await ensureBuildFiles(this.engine, this.catalog, suite);
    const files = tools.files.map((file) =>
      file.path === 'Dockerfile' ? { ...file, content: dockerfile(String(file.content)) } : file,
    );
    await this.engine.images.build({
      context: packFiles(files),
      dockerfile: 'Dockerfile',
      target: 'test',
      tags: [tools.name],
      args: { BASE: base.name, ...args },
      labels: {},
    });
    await this.openCache(tools.name);
    return tools;
  }

  /** A new volume belongs to root. */
  private async openCache(image: string): Promise<void> {
    const { exitCode, stderr } = await this.engine.containers.run({
      image,
      user: '0',
      entrypoint: ['chmod'],
      command: ['0777', CACHE],
      volumes: [{ name: volumeOf(image), path: CACHE }],
      labels: { [RUN_LABEL]: this.runId },
    });
    if (exitCode !== 0) throw new Error(`cannot open the cache of ${image}: ${stderr}`);
  }
}

/** The volume stays for the next run, as the image does. */
function volumeOf(image: string): string {
  return image.replace(/[^\w.-]/g, '-');
}
