import { PackageURL } from 'packageurl-js';
import { type Engine, readFiles, statusOf } from '../engine/index.js';
import { RuntimeKitError } from '../errors.js';
import { debianPackages } from './debian.js';

/** Where dpkg keeps what is installed, in images without dpkg too. */
const DPKG = '/var/lib/dpkg';
/** What the templates write about all else: a file `packages`, a package URL a line. */
const OWN = '/usr/share/runtime-kit';

/**
 * What is in an image, as sorted package URLs: Debian's packages by dpkg's files, all others by what the
 * image itself says. The image is read, not run.
 *
 * @param suite the Debian release of the image, such as `trixie`
 * @throws RuntimeKitError BUILD_FAILED where a line of the image's own is no package URL
 */
export async function readInventory(
  engine: Engine,
  image: string,
  suite: string,
): Promise<string[]> {
  const container = await engine.containers.create({ image, entrypoint: ['none'], labels: {} });
  try {
    const [dpkg, own] = await Promise.all([
      readFolder(engine, container, DPKG),
      readFolder(engine, container, OWN),
    ]);
    const debian = [...dpkg]
      .filter(([path]) => path === 'status' || path.startsWith('status.d/'))
      .flatMap(([, content]) => debianPackages(content.toString(), suite));
    const others = ownPackages(own.get('packages')?.toString() ?? '');
    return [...new Set([...debian, ...others])].sort();
  } finally {
    await engine.containers.remove(container);
  }
}

async function readFolder(engine: Engine, container: string, folder: string) {
  try {
    return await readFiles(engine, container, folder);
  } catch (error) {
    if (statusOf(error) === 404) return new Map<string, Buffer>(); // there is none
    throw error;
  }
}

/** @throws RuntimeKitError BUILD_FAILED naming the line */
export function ownPackages(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      try {
        return PackageURL.fromString(line).toString();
      } catch (error) {
        throw new RuntimeKitError('BUILD_FAILED', `${OWN}/packages: no package URL: ${line}`, {
          hint: 'mend the step of Dockerfile.template that writes it: pkg:TYPE/NAME@VERSION',
          cause: error,
        });
      }
    });
}
