import type { Engine, FileEntry } from '../../engine/index.js';

export interface ToolRun {
  engine: Engine;
  image: string;
  /** The container whose network it joins: requests never leave the loopback interface. */
  server: string;
  cpuset: string;
  labels: Record<string, string>;
}

export interface ToolOutput {
  stdout: string;
  /** CPU time that the tool used, in seconds. */
  cpuSeconds: number;
}

/** The shell's own clock of its children ends the output, so that no other tool is needed for it. */
const TIMED = '"$@"; code=$?; times >&2; exit $code';

/** Runs a load tool beside a server. @throws Error with what it printed where it fails. */
export async function runTool(
  { engine, image, server, cpuset, labels }: ToolRun,
  command: string[],
  files: FileEntry[],
): Promise<ToolOutput> {
  const { exitCode, stdout, stderr } = await engine.containers.run(
    {
      image,
      cpuset,
      labels,
      entrypoint: ['sh', '-c', TIMED, 'sh'],
      command,
      network: `container:${server}`,
    },
    files,
  );
  if (exitCode !== 0)
    throw new Error(`${command[0]} ended with ${exitCode}: ${(stderr + stdout).trim()}`);
  return { stdout, cpuSeconds: childSeconds(stderr) };
}

/** The second line of `times` is the children's user and system time, as `0m1.52s 0m3.10s`. */
export function childSeconds(times: string): number {
  const line = times.trimEnd().split('\n').at(-1) ?? '';
  return [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
}
