import type { PhaseMirrors } from '../../../catalog/index.js';
import type { Engine } from '../../../engine/index.js';
import { fixtureFiles } from '../fixtures.js';
import type { PhaseResult, RuntimeFacts, StartOptions } from '../target.js';
import { runPhases } from './phases.js';
import type { Sandboxes } from './sandboxes.js';
import type { RunVolumes } from './volumes.js';

export interface FunctionVolume {
  /** Empty for an image without functions. */
  name: string;
  /** What its phases gave; one that failed is the last. */
  phases: PhaseResult[];
}

export interface PhaseImage {
  runtime: RuntimeFacts | undefined;
  /** Id of the image in which phases run; undefined where there is none. */
  buildImage: string | undefined;
  mirrors?: PhaseMirrors | undefined;
}

/** The volumes of a target's functions, on which the phases have run. */
export class FunctionVolumes {
  private readonly made = new Map<string, Promise<FunctionVolume>>();

  constructor(
    private readonly engine: Engine,
    private readonly volumes: RunVolumes,
    private readonly image: PhaseImage,
    private readonly sandboxes: Sandboxes | undefined,
  ) {}

  /** One for all servers of the same function. */
  of(options: StartOptions): Promise<FunctionVolume> {
    const { fixture, layout, files, registry, offline, env = {} } = options;
    // What is compiled knows what it is called; other languages find out when they start.
    const compiled = this.image.runtime?.phases.compilation && [env.MOD_NAME, env.FUNC_HANDLER];
    const key = JSON.stringify([fixture, layout, files, registry, offline, compiled]);
    const known = this.made.get(key);
    if (known) return known;
    const made = this.make(options);
    this.made.set(key, made);
    return made;
  }

  /** A fresh one. */
  async make(options: StartOptions): Promise<FunctionVolume> {
    const { engine, volumes, sandboxes } = this;
    const { runtime, buildImage: image, mirrors } = this.image;
    if (!runtime) return { name: '', phases: [] };
    const name = await volumes.ofFunction(runtime, options);
    if (image === undefined) return { name, phases: [] };
    const phaseOptions = { engine, volumes, image, runtime, mirrors, sandboxes };
    const phases = await runPhases(phaseOptions, name, options);
    return { name, phases };
  }

  /** What is on it beside the function's own files: content by path. */
  async addedTo({ name }: FunctionVolume, options: StartOptions): Promise<Map<string, Buffer>> {
    const files = await this.volumes.read(name);
    const own = this.image.runtime ? await fixtureFiles(this.image.runtime, options) : [];
    for (const { path } of own) files.delete(path);
    return files;
  }

  /** Removes those of `of`; what is in use still goes when the run is put away. */
  async remove(): Promise<void> {
    const made = await Promise.allSettled(this.made.values());
    const names = made.flatMap((one) => (one.status === 'fulfilled' ? [one.value.name] : []));
    await Promise.allSettled(names.map((name) => this.engine.volumes.remove(name)));
  }
}
