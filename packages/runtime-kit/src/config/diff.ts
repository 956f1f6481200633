import type { RuntimeImages, RuntimeInfo } from './structure.js';
import { runtimeIdOf } from './structure.js';

/** One thing of a runtime that is not the same; null where one side does not have it. */
export interface ConfigChange {
  runtime: string;
  /** The phase it is of; undefined where it holds for all phases. */
  phase: string | undefined;
  field: 'image' | 'command' | 'env' | 'depName' | 'fileNameSuffix' | 'probe' | 'secrets';
  old: string | null;
  new: string | null;
}

type Values = Map<string, Omit<ConfigChange, 'old' | 'new'> & { value: string }>;

/** What changes for functions when B takes the place of A, by runtime, in the order of A, then of B. */
export function diffRuntimeImages(a: RuntimeImages, b: RuntimeImages): ConfigChange[] {
  const [before, now] = [valuesOf(a), valuesOf(b)];
  const keys = [...new Set([...before.keys(), ...now.keys()])];
  const order = [...new Set([...before.values(), ...now.values()].map(({ runtime }) => runtime))];
  return keys
    .flatMap((key): ConfigChange[] => {
      const [one, other] = [before.get(key), now.get(key)];
      const either = one ?? other;
      if (!either || one?.value === other?.value) return [];
      const { value: _, ...what } = either;
      return [{ ...what, old: one?.value ?? null, new: other?.value ?? null }];
    })
    .sort((one, other) => order.indexOf(one.runtime) - order.indexOf(other.runtime));
}

function valuesOf(images: RuntimeImages): Values {
  const values: Values = new Map();
  for (const info of images)
    for (const version of info.versions) {
      const runtime = runtimeIdOf(info, version);
      const set = (phase: string | undefined, field: ConfigChange['field'], value?: string) => {
        const key = JSON.stringify([runtime, phase, field]);
        // Of what is there twice, the controller reads the first.
        if (value !== undefined && value !== '' && !values.has(key))
          values.set(key, { runtime, phase, field, value });
      };
      for (const { phase, image, command, env } of version.images) {
        set(phase, 'image', image);
        set(phase, 'command', command);
        set(phase, 'env', env && sortedText(env));
      }
      set(undefined, 'depName', info.depName);
      set(undefined, 'fileNameSuffix', info.fileNameSuffix);
      set(undefined, 'probe', probeText(info));
      set(undefined, 'secrets', secretsText(version.imagePullSecrets));
    }
  return values;
}

function sortedText(env: Record<string, string>): string {
  const names = Object.keys(env).sort();
  return names.map((name) => `${name}=${env[name]}`).join('\n');
}

function probeText({ livenessProbeInfo }: RuntimeInfo): string | undefined {
  return livenessProbeInfo && JSON.stringify(livenessProbeInfo);
}

function secretsText(secrets: { ImageSecret: string }[] = []): string {
  return secrets.map(({ ImageSecret }) => ImageSecret).join(', ');
}
