import { randomBytes } from 'node:crypto';
import type { Engine } from '../../../engine/index.js';
import { fixtureFiles } from '../fixtures.js';
import type { RuntimeFacts, StartOptions } from '../target.js';

/** Everything that a run leaves in the engine carries this label, and goes by it at the end. */
export const RUN_LABEL = 'io.runtime-kit.run';

export const FUNCTION_FOLDER = '/kubeless';
/** Where termination log and trusted CA are, as files that any uid can use. */
export const SUPPORT_FOLDER = '/run/runtime-kit';
export const TERMINATION_LOG = `${SUPPORT_FOLDER}/termination-log`;
export const TRUSTED_CA = `${SUPPORT_FOLDER}/ca.crt`;

/** Makes and fills the volumes of a run. Files travel over the engine's API, so it may be remote. */
export class RunVolumes {
  readonly labels: Record<string, string>;

  constructor(
    private readonly engine: Engine,
    private readonly runId: string,
    /** Any image: a container of it is created to write through, and never started. */
    private readonly image: string,
  ) {
    this.labels = { [RUN_LABEL]: runId };
  }

  /** A volume with the files of a fixture, readable for every uid. */
  async ofFunction(runtime: RuntimeFacts, options: StartOptions): Promise<string> {
    const files = await fixtureFiles(runtime, options);
    return this.filled(FUNCTION_FOLDER, files);
  }

  /** A volume with an empty termination log that any uid may write, and the trusted CA. */
  async ofSupport(trustedCa: string | undefined): Promise<string> {
    const ca = trustedCa === undefined ? [] : [{ path: 'ca.crt', content: trustedCa }];
    return this.filled(SUPPORT_FOLDER, [{ path: 'termination-log', mode: 0o666 }, ...ca]);
  }

  private async filled(
    path: string,
    files: Parameters<Engine['containers']['putFiles']>[2],
  ): Promise<string> {
    const name = `runtime-kit-${this.runId}-${randomBytes(4).toString('hex')}`;
    await this.engine.volumes.create(name, this.labels);
    const writer = await this.engine.containers.create({
      image: this.image,
      labels: this.labels,
      command: ['never-started'],
      volumes: [{ name, path }],
    });
    await this.engine.containers.putFiles(writer, path, files);
    await this.engine.containers.remove(writer);
    return name;
  }
}
