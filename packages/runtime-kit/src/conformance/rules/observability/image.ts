import type { Rule } from '../../rule.js';
import type { ImageEntry } from '../../targets/target.js';
import type { CaseContext } from '../../testing/context.js';
import { check, equal, show } from '../../testing/expect.js';

const REQUIRED_LABELS = [
  'org.opencontainers.image.title',
  'org.opencontainers.image.version',
  'org.opencontainers.image.revision',
  'org.opencontainers.image.created',
  'org.opencontainers.image.source',
  'org.opencontainers.image.base.name',
  'org.opencontainers.image.base.digest',
  'io.runtime-kit.runtime',
  'io.runtime-kit.language',
  'io.runtime-kit.version',
  'io.runtime-kit.capabilities',
];

const SHELLS = ['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'busybox', 'rbash'];
const PACKAGE_MANAGERS =
  'apt apt-get dpkg apk rpm yum dnf pip pip3 npm npx yarn gem bundle composer'.split(' ');
const COMPILERS = 'cc gcc g++ c++ clang tcc as ld make go rustc javac'.split(' ');
const MIB = 2 ** 20;
const SETUID_SETGID = 0o6000;
const EXECUTE = 0o111;

const BIN_FOLDERS = /^\/(usr\/(local\/)?)?s?bin\/|^\/opt\/.*\/bin\//;

/** Whether it could be called by its name: a library may bring along the scripts of its own project. */
const isInPath = ({ path }: ImageEntry): boolean => BIN_FOLDERS.test(path);
/** Whether it could be started, wherever it lies. */
const isExecutable = ({ mode }: ImageEntry): boolean => (mode & EXECUTE) !== 0;

/** Files with one of the names, a version behind it allowed (`gcc-12`). */
function programs(
  entries: ImageEntry[],
  names: string[],
  where: (entry: ImageEntry) => boolean,
): string[] {
  return entries
    .filter((entry) => entry.type !== 'directory' && where(entry))
    .map(({ path }) => path)
    .filter((path) =>
      names.includes(
        path
          .split('/')
          .at(-1)
          ?.replace(/-?[\d.]+$/, '') ?? '',
      ),
    );
}

export const imageRules: Rule[] = [
  {
    id: 'image.labels',
    statement: 'The image says what it is, of what it was made and which contract it keeps',
    profile: 'full',
    cases: [
      {
        name: 'all labels, with values of their kind',
        needs: ['container'],
        run: async (t) => {
          const { labels } = t.image;
          const missing = REQUIRED_LABELS.filter((name) => (labels[name] ?? '') === '');
          equal(missing, [], 'labels that are missing or empty');
          equal(labels['io.runtime-kit.contract'], '1', 'io.runtime-kit.contract');
          equal(labels['io.runtime-kit.language'], t.runtime.language, 'io.runtime-kit.language');
          const created = labels['org.opencontainers.image.created'] ?? '';
          check(!Number.isNaN(Date.parse(created)), `created is ${show(created)}`);
          const digest = labels['org.opencontainers.image.base.digest'] ?? '';
          check(/^sha256:[0-9a-f]{64}$/.test(digest), `base.digest is ${show(digest)}`);
        },
      },
    ],
  },
  {
    id: 'image.lean',
    statement: 'No shell, no package manager, no compiler, no setuid file',
    profile: 'full',
    cases: [
      ...(
        [
          ['no shell', SHELLS, isExecutable],
          ['no package manager', PACKAGE_MANAGERS, isInPath],
          ['no compiler', COMPILERS, isExecutable],
        ] as const
      ).map(([name, names, where]) => ({
        name,
        needs: ['container' as const],
        run: async (t: CaseContext) =>
          equal(programs(await t.image.entries(), [...names], where), [], name),
      })),
      {
        name: 'no setuid or setgid file',
        needs: ['container'],
        run: async (t) => {
          const found = (await t.image.entries())
            .filter(({ type, mode }) => type === 'file' && (mode & SETUID_SETGID) !== 0)
            .map(({ path }) => path);
          equal(found, [], 'setuid and setgid files');
        },
      },
      {
        name: 'no larger than the budget of its manifest',
        needs: ['container'],
        run: async (t) => {
          const { imageMiB } = t.runtime.budgets;
          if (imageMiB === undefined) return t.skip('the manifest sets no budgets.imageMiB');
          const sizeMiB = t.image.sizeBytes / MIB;
          check(sizeMiB <= imageMiB, `the image has ${sizeMiB.toFixed(1)} MiB, over ${imageMiB}`);
        },
      },
    ],
  },
];
