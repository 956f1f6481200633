import type { Engine } from '../../engine/index.js';

/**
 * Adds up the proportional set sizes of all processes of the container whose process namespace this
 * runs in: a page that several of them share counts once. Its own processes, which are there too, have
 * another root.
 */
const SCRIPT = `here=$(readlink /proc/self/ns/mnt)
for process in /proc/[0-9]*; do
  there=$(readlink "$process/ns/mnt" 2>/dev/null) || continue
  [ "$there" = "$here" ] || cat "$process/smaps_rollup" 2>/dev/null
done`;

const KIB = 1024;

/**
 * Resident memory of a container's processes in bytes; undefined where the kernel does not let even
 * root read it.
 *
 * @param image any with a shell.
 */
export async function residentBytes(
  engine: Engine,
  container: string,
  { image, labels }: { image: string; labels: Record<string, string> },
): Promise<number | undefined> {
  const { stdout } = await engine.containers.run({
    image,
    labels,
    user: '0',
    // Reading the memory maps of another user's processes counts as tracing them.
    addCapabilities: ['SYS_PTRACE'],
    entrypoint: ['sh', '-c'],
    command: [SCRIPT],
    pid: `container:${container}`,
    network: 'none',
  });
  return parseResident(stdout);
}

export function parseResident(rollups: string): number | undefined {
  const sizes = [...rollups.matchAll(/^Pss: +(\d+) kB$/gm)].map(([, size]) => Number(size));
  if (sizes.length === 0) return undefined;
  return sizes.reduce((sum, size) => sum + size, 0) * KIB;
}
