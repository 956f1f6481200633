import { randomBytes } from 'node:crypto';
import type { Engine, FileEntry } from '../../../engine/index.js';
import { idleContainer, makeVolumes, readFiles, type VolumeFiles } from '../../../engine/index.js';
import { Batches } from '../batches.js';
import { fixtureFiles } from '../fixtures.js';
import type { RuntimeFacts, StartOptions } from '../target.js';

/** Everything that a run leaves in the engine carries this label, and goes by it at the end. */
export const RUN_LABEL = 'io.runtime-kit.run';

export const FUNCTION_FOLDER = '/kubeless';
/** Where termination logs and the trusted CA are, as files that any uid can use. */
export const SUPPORT_FOLDER = '/run/runtime-kit';
export const TRUSTED_CA = `${SUPPORT_FOLDER}/ca.crt`;
/** Modes of a volume's own folder. */
export const OPEN = 0o777;
const READABLE = 0o755;
/** More than one run of the suite starts what must fail. */
const TERMINATION_LOGS = 200;

/** Makes and fills the volumes of a run. Files travel over the engine's API, so it may be remote. */
export class RunVolumes {
  readonly labels: Record<string, string>;
  private made: Promise<string> | undefined;
  private taken = 0;
  /** To write to a volume takes the engine as long as to write to several. */
  private readonly writes = new Batches<VolumeFiles>((volumes) =>
    makeVolumes(this.engine, this, volumes),
  );

  constructor(
    private readonly engine: Engine,
    private readonly runId: string,
    /** Any image: a container of it is created to write through, and never started. */
    readonly image: string,
    /** PEM bundle for downloads behind a private CA. */
    readonly trustedCa: string | undefined,
    moreLabels: Record<string, string> = {},
  ) {
    this.labels = { ...moreLabels, [RUN_LABEL]: runId };
  }

  /** A volume with the files of a fixture, readable for every uid; phases of any uid may write there. */
  async ofFunction(runtime: RuntimeFacts, options: StartOptions): Promise<string> {
    const files = await fixtureFiles(runtime, options);
    return this.filled(files, OPEN);
  }

  /**
   * One volume for the whole run, with the trusted CA and many empty termination logs that any uid
   * may write: a container takes the next, which is much quicker than a volume for each.
   */
  async support(): Promise<{ volume: string; terminationLog: string }> {
    this.made ??= this.filled([
      ...Array.from({ length: TERMINATION_LOGS }, (_, index) => ({
        path: terminationName(index),
        mode: 0o666,
      })),
      ...(this.trustedCa === undefined ? [] : [{ path: 'ca.crt', content: this.trustedCa }]),
    ]);
    const terminationLog = `${SUPPORT_FOLDER}/${terminationName(this.taken++ % TERMINATION_LOGS)}`;
    return { volume: await this.made, terminationLog };
  }

  /** A volume with files that one uid alone may read. */
  async secret(files: Record<string, string>, uid: number): Promise<string> {
    const entries = Object.entries(files).map(([name, content]) => {
      return { path: name, content, mode: 0o400, uid };
    });
    return this.filled(entries);
  }

  /** What the phases left on a function's volume: content by path. */
  async read(name: string): Promise<Map<string, Buffer>> {
    const reader = await idleContainer(this.engine, this, [{ name, path: FUNCTION_FOLDER }]);
    try {
      return await readFiles(this.engine, reader, FUNCTION_FOLDER);
    } finally {
      await this.engine.containers.remove(reader);
    }
  }

  /** A name that nothing else in the engine has. */
  newName(): string {
    return `runtime-kit-${this.runId}-${randomBytes(4).toString('hex')}`;
  }

  private async filled(files: FileEntry[], mode = READABLE): Promise<string> {
    const name = this.newName();
    await this.writes.add({ name, files, mode });
    return name;
  }
}

function terminationName(index: number): string {
  return `termination-log-${index}`;
}
