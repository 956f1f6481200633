import type { Manifest } from '../../manifest/schema.js';
import type { RecordedRequest } from '../registry/server.js';
import type { AccessOptions, PrivateRegistryFacts } from '../registry/settings.js';
import type { Answer, FetchOptions } from '../testing/http.js';
import type { RawSocket } from '../testing/socket.js';

/** What a run knows about the language of a target; absent for an image without functions. */
export interface RuntimeFacts {
  language: string;
  /** Folder that holds a folder for each fixture. */
  fixtures: string;
  /** Suffix of a function file, with its dot. */
  suffix: string;
  /** Name of the dependency file. */
  dependencies: string;
  /** Where dependencies come from by default. */
  registry: string;
  /** MOD_NAME and FUNC_HANDLER of every fixture. */
  module: string;
  handler: string;
  /** How the installation is told about the suite's private registry. */
  privateRegistry?: PrivateRegistryFacts | undefined;
  /** Rules that the manifest declares not to hold yet, with the reason. */
  gaps: Record<string, string>;
  /** Environment of the runtime phase; values may refer to others as `$(NAME)`. */
  env: Record<string, string>;
  phases: { installation?: PhaseFacts; compilation?: PhaseFacts };
  capabilities: Manifest['capabilities'];
  budgets: Manifest['budgets'];
}

export interface PhaseFacts {
  command: string;
  env: Record<string, string>;
}

/** How a server is started. Options that are equal name the same shared server. */
export interface StartOptions {
  /** Folder name among the fixtures; `functions` if unset. */
  fixture?: string;
  /** On top of what the platform sets; undefined takes a variable away. */
  env?: Record<string, string | undefined>;
  /** `configmap`: the files are symbolic links through `..data`, as Kubernetes mounts them. */
  layout?: 'plain' | 'configmap';
  /** Files that are added to the fixture's, or replace them: content by path. */
  files?: Record<string, string>;
  container?: ContainerNeeds;
  /** The way of the installation to a private registry. */
  registry?: RegistryAccess;
  /** Whether the phases have no network. */
  offline?: boolean;
}

/** What an operator gives the installation so that it reaches a private registry. */
export interface RegistryAccess {
  env: Record<string, string>;
  /** A mounted secret: text by name. */
  files: Record<string, string>;
  /** Addresses of names that no DNS server knows. */
  hosts: Record<string, string>;
  /** The container network that the registry is in. */
  network?: string;
  user: string;
  /** What nobody but the registry may get to see. */
  secrets: string[];
}

/** A registry of the run, in which the packages of the fixtures are and which asks for credentials. */
export interface PrivateRegistry {
  /** Credentials and settings; the same for equal options. */
  access(options?: AccessOptions): RegistryAccess;
  /** The same where nothing listens at the registry's address. */
  unreachable(): RegistryAccess;
  /** What was asked for with the credentials of an access. */
  requests(access: RegistryAccess): RecordedRequest[];
}

export interface ContainerNeeds {
  user?: string;
  /** Read-only root, no capabilities, no new privileges, a tmpfs at /tmp. */
  hardened?: boolean;
  memoryMiB?: number;
  cpus?: number;
}

export interface Logs {
  stdout: string;
  stderr: string;
}

export interface ProcessFacts {
  pid: number;
  parent: number;
  /** Ended, and nobody has waited for it. */
  zombie: boolean;
  command: string;
}

/** A running server of the target. Only its own facilities know whether it is a container. */
export interface Server {
  host: string;
  port: number;
  fetch(path: string, options?: FetchOptions): Promise<Answer>;
  /** A bare TCP connection, for what no HTTP client would send. */
  raw(): Promise<RawSocket>;
  log(): Promise<Logs>;
  signal(name: NodeJS.Signals): Promise<void>;
  /** Waits for the end. */
  exit(withinMs: number): Promise<Exit>;
  processes(): Promise<ProcessFacts[]>;
  /** CPU time that all its processes used so far. */
  cpuSeconds(): Promise<number>;
  /** Memory that all its processes hold, file cache left out; undefined where nobody can tell. */
  memoryBytes(): Promise<number | undefined>;
  stop(): Promise<void>;
}

export interface Exit {
  code: number;
  outOfMemory: boolean;
}

/** A start that came to nothing, as it should. */
export interface FailedStart extends Logs {
  code: number;
  /** Content of the termination log. */
  termination: string;
  /** Milliseconds from the start of the server, or of the phase that failed, to its end. */
  durationMs: number;
  /** Which step ended: a phase before run time, or the server itself. */
  step: 'installation' | 'compilation' | 'server';
}

/** What a phase before run time gave. */
export interface PhaseResult extends Logs {
  step: 'installation' | 'compilation';
  code: number;
  termination: string;
  durationMs: number;
}

/** A function's volume on which the phases have run. */
export interface Prepared {
  phases: PhaseResult[];
  /** What they left there beside the function's own files: content by path. */
  added(): Promise<Map<string, Buffer>>;
  /** Starts a server that must fail on it, whatever became of the phases. */
  startFailing(withinMs: number): Promise<FailedStart>;
}

/** One file system entry of an image. */
export interface ImageEntry {
  path: string;
  type: string;
  mode: number;
  uid: number;
  size: number;
}

export interface ImageFacts {
  id: string;
  user: string;
  labels: Record<string, string>;
  /** Sum of its layers, uncompressed. */
  sizeBytes: number;
  /** Every entry of the runtime image's file system. */
  entries(): Promise<ImageEntry[]>;
}

/** Whether a server goes at the end of a case, or stays for longer. */
export type Lifetime = 'case' | 'run';

/** Something that can start servers for a given function and environment. */
export interface Target {
  runtime: RuntimeFacts | undefined;
  /** Undefined for a local process. */
  image: ImageFacts | undefined;
  /** @throws NotHealthy where it ends or stays unhealthy. `lifetime` is `run` if unset. */
  start(options: StartOptions, lifetime?: Lifetime): Promise<Server>;
  /** Starts without waiting for health. */
  launch(options: StartOptions): Promise<Server>;
  /** Starts what must fail, and waits `withinMs` for it to end. */
  startFailing(options: StartOptions, withinMs: number): Promise<FailedStart>;
  /** Runs the phases afresh, `env` on top of theirs; empty where the language has none. */
  runPhases(options: StartOptions): Promise<PhaseResult[]>;
  /** Runs the phases once for equal options; servers that are started with them find what they left. */
  prepared(options: StartOptions): Promise<Prepared>;
  /** Opened when it is asked for first. */
  privateRegistry(): Promise<PrivateRegistry>;
  close(): Promise<void>;
}
