/** What this project needs of an engine, in its own words; nothing outside this folder sees dockerode. */

export interface EngineInfo {
  version: string;
  apiVersion: string;
  operatingSystem: string;
  architecture: string;
  cpus: number;
  memoryBytes: number;
  rootFolder: string;
  kernel: string;
  /** What containers' output goes to unless they say otherwise: `json-file`, `journald` … */
  loggingDriver: string;
  storageDriver: string;
  cgroupVersion: string;
}

export interface ImageInfo {
  id: string;
  tags: string[];
  /** `name@sha256:…` as registries know it; empty for what was never pulled or pushed. */
  repoDigests: string[];
  architecture: string;
  /** `OS/ARCHITECTURE`, as registries name it. */
  platform: string;
  created: string;
  labels: Record<string, string>;
  user: string;
  env: string[];
  entrypoint: string[];
  /** Sum of the layers, in bytes: `Size` of engine 29 means something else. */
  sizeBytes: number;
  layers: string[];
}

export interface BuildStep {
  digest: string;
  /** BuildKit's own words: `[root 1/2] RUN apt-get …`. */
  name: string;
  state: 'running' | 'cached' | 'done' | 'failed';
}

export type BuildEvent =
  | { type: 'step'; step: BuildStep }
  | { type: 'log'; digest: string; text: string };

export interface BuildOptions {
  /** Files of the context: path to content; the Dockerfile among them. */
  context: NodeJS.ReadableStream;
  dockerfile: string;
  target: string;
  tags: string[];
  args: Record<string, string>;
  labels: Record<string, string>;
  onEvent?: (event: BuildEvent) => void;
  signal?: AbortSignal;
}

export interface ContainerOptions {
  image: string;
  name?: string;
  command?: string[];
  entrypoint?: string[];
  workingDir?: string;
  /** `name=value` pairs. */
  env?: Record<string, string>;
  user?: string;
  labels?: Record<string, string>;
  /** Container ports that are published on a free port of the loopback address. */
  publish?: number[];
  /** The same on a port of choice: by container port. */
  publishAt?: Record<number, number>;
  /** The engine starts it again when it ends, and with itself, until it is told to stop it. */
  restarts?: boolean;
  volumes?: { name: string; path: string; readOnly?: boolean }[];
  /** Mount options by path, as `rw,mode=1777,size=16m`. */
  tmpfs?: Record<string, string>;
  readOnlyRoot?: boolean;
  dropCapabilities?: boolean;
  /** Kernel names without `CAP_`. */
  addCapabilities?: string[];
  noNewPrivileges?: boolean;
  memoryBytes?: number;
  cpus?: number;
  cpuset?: string;
  pidsLimit?: number;
  /** `container:ID` for the network of another container. */
  network?: string;
  /** Addresses of names that no DNS server knows; `host-gateway` is the engine's machine. */
  hosts?: Record<string, string>;
  /** `container:ID` to see the processes of another container. */
  pid?: string;
  /** The command runs under the engine's own init process; function images are their own PID 1. */
  init?: boolean;
}

/** What the list of containers tells of one. */
export interface ContainerSummary {
  id: string;
  name: string;
  labels: Record<string, string>;
  running: boolean;
  /** In seconds since 1970. */
  createdAt: number;
  /** Published port of the engine's machine by container port. */
  ports: Record<number, number>;
}

export interface ContainerState {
  running: boolean;
  exitCode: number;
  outOfMemory: boolean;
  startedAt: string;
  finishedAt: string;
  /** Published address by container port. */
  ports: Record<number, { host: string; port: number }>;
  ipAddress: string;
  restartCount: number;
}

/** One sample of the engine's own accounting of a container. */
export interface ContainerUsage {
  /** CPU time of all its processes since its start, in nanoseconds. */
  cpuNanoseconds: number;
  /**
   * What counts towards its limit, file cache that can be dropped at once left out, as `docker stats`
   * shows it; undefined where the container has ended.
   */
  workingSetBytes: number | undefined;
}

export interface FileEntry {
  path: string;
  content?: string | Uint8Array;
  /** Target of a symbolic link. */
  link?: string;
  /** A folder for itself, of a mode of its own; one that is there gets that mode. */
  folder?: true;
  mode?: number;
  uid?: number;
  gid?: number;
}

export interface Logs {
  stdout: string;
  stderr: string;
}
