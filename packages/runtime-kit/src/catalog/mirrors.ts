import { z } from 'zod';
import type { Problem } from '../manifest/check.js';
import type { Config } from './config.js';
import type { Runtime } from './runtime.js';

/** Where the files of mirrors are mounted for phases. */
export const MIRROR_FILES = '/run/package-mirrors';

const mirrorUrl = z
  .url({ protocol: /^https?$/, error: 'is no URL that begins with https://' })
  .refine(
    (url) => !/^https?:\/\/[^/]*@/i.test(url),
    'has credentials in it, which build logs and `docker inspect` would show: name a mirror that asks for none, or have the network let this machine in',
  );

/** `mirrors` of `runtime-kit.config.yaml`: where builds and phases download from instead of the public places. */
export const mirrorsSchema = z
  .strictObject({
    debian: mirrorUrl
      .optional()
      .describe(
        'The Debian archive for apt in build steps and, without base.mirror, for bootstrap',
      ),
    debianSecurity: mirrorUrl
      .optional()
      .describe("The archive of Debian's security updates; goes with debian"),
    packages: z
      .record(z.string(), mirrorUrl)
      .default({})
      .describe('Package registries, by the name that mirror.name of a runtime.yaml gives them'),
  })
  .superRefine(({ debian, debianSecurity }, context) => {
    if ((debian === undefined) === (debianSecurity === undefined)) return;
    const [missing, given] =
      debian === undefined ? ['debian', 'debianSecurity'] : ['debianSecurity', 'debian'];
    const message = `is missing: ${given} alone would leave images without ${debian === undefined ? 'packages' : 'security updates'}`;
    context.addIssue({ code: 'custom', path: [missing], message });
  });

export type Mirrors = z.infer<typeof mirrorsSchema>;

/** What phases get so that they download from mirrors. */
export interface PhaseMirrors {
  env: Record<string, string>;
  /** Text by name, below MIRROR_FILES. */
  files: Record<string, string>;
  /** URL by language, for who wants to know whether dependencies can be had. */
  registries: Record<string, string>;
}

interface MirroredRuntimes {
  config: Pick<Config, 'mirrors'>;
  runtimes: Runtime[];
}

/** Of all languages together: the variables of one mean nothing to the others. */
export function phaseMirrors(catalog: MirroredRuntimes): PhaseMirrors {
  const { env, files, registries } = settingsOf(catalog);
  return { env, files, registries };
}

/** Environment of build steps: an image may use tools of several languages. */
export function buildMirrors(catalog: MirroredRuntimes): Record<string, string> {
  return settingsOf(catalog).build;
}

/** Names that no manifest has: a mistyped one would silently go to the public registry. */
export function mirrorProblems({ mirrors }: Config, runtimes: Runtime[]): Problem[] {
  const names = runtimes.flatMap(({ manifest }) => manifest.mirror?.name ?? []);
  return Object.keys(mirrors.packages)
    .filter((name) => !names.includes(name))
    .map((name) => ({
      path: `mirrors.packages.${name}`,
      message: `no runtime.yaml has a mirror of that name; there are: ${names.join(', ') || 'none'}`,
    }));
}

function settingsOf({ config, runtimes }: MirroredRuntimes) {
  const registries: Record<string, string> = {};
  const all = { env: {}, files: {}, build: {}, registries };
  for (const { language, manifest } of runtimes) {
    const { mirror } = manifest;
    if (mirror === undefined) continue;
    const url = config.mirrors.packages[mirror.name];
    if (url === undefined) continue;
    registries[language] = url;
    for (const key of ['env', 'files', 'build'] as const)
      Object.assign(all[key], filled(mirror[key], { MIRROR_URL: url, MIRROR_FILES }));
  }
  return all;
}

function filled(
  texts: Record<string, string>,
  values: Record<string, string>,
): Record<string, string> {
  const fill = (text: string) =>
    text.replaceAll(/\$\((MIRROR_\w+)\)/g, (whole, name: string) => values[name] ?? whole);
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, fill(text)]));
}
