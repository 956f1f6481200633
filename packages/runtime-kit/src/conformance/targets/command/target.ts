import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ownEnvironment, phaseEnvironment, serverEnvironment } from '../environment.js';
import { fixtureFiles } from '../fixtures.js';
import { Gate } from '../gate.js';
import { untilHealthy } from '../health.js';
import type {
  FailedStart,
  PhaseResult,
  RuntimeFacts,
  Server,
  StartOptions,
  Target,
} from '../target.js';
import { ProcessServer } from './server.js';
import { runShell } from './shell.js';

export interface CommandDescription {
  kind: 'command';
  /** Run by `sh`, in the foreground. */
  command: string;
  /** Run by `sh` in the function's folder first. */
  prepare: string | undefined;
  /** Where `command` runs. */
  workingFolder: string;
  /** The caller's environment; vitest changes its own. */
  env: NodeJS.ProcessEnv;
  runtime: RuntimeFacts;
}

interface FunctionFolder {
  path: string;
  /** The result of `prepare`. */
  prepared: PhaseResult | undefined;
}

/** Servers as local processes: no container, seconds to feedback. */
export class CommandTarget implements Target {
  readonly image = undefined;
  /** A start keeps a processor busy; more at a time only makes each of them late. */
  private readonly starts = new Gate(availableParallelism());
  private readonly folders = new Map<string, Promise<FunctionFolder>>();

  constructor(
    private readonly description: CommandDescription,
    private readonly runFolder: string,
  ) {}

  get runtime(): RuntimeFacts {
    return this.description.runtime;
  }

  start(options: StartOptions): Promise<Server> {
    return this.starts.run(() => this.startHealthy(options));
  }

  async launch(options: StartOptions): Promise<ProcessServer> {
    const folder = await this.folder(options);
    if (folder.prepared && folder.prepared.code !== 0)
      throw new Error(`--prepare failed with ${folder.prepared.code}: ${folder.prepared.stderr}`);
    return this.run(folder.path, options);
  }

  async startFailing(options: StartOptions, withinMs: number): Promise<FailedStart> {
    const { path, prepared } = await this.folder(options);
    if (prepared && prepared.code !== 0) return prepared;
    const started = Date.now();
    const server = await this.run(path, options);
    try {
      const { code } = await server.exit(withinMs);
      const durationMs = Date.now() - started;
      const termination = await server.termination();
      return { step: 'server', code, durationMs, termination, ...(await server.log()) };
    } finally {
      await server.stop();
    }
  }

  async runPhases(options: StartOptions): Promise<PhaseResult[]> {
    const { prepared } = await this.makeFolder(options);
    return prepared ? [prepared] : [];
  }

  /** Cases of the phases need a container. */
  prepared(): never {
    throw new Error('a local process has no phases');
  }

  privateRegistry(): never {
    throw new Error('a local process installs nothing');
  }

  async close(): Promise<void> {}

  private async startHealthy(options: StartOptions): Promise<Server> {
    const server = await this.launch(options);
    try {
      await untilHealthy({
        origin: server.origin,
        where: `port ${server.port} (FUNC_PORT)`,
        hasFunctions: true,
        ended: () => endOf(server),
      });
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  private async run(folder: string, options: StartOptions): Promise<ProcessServer> {
    const own = await mkdtemp(join(this.runFolder, 'server-'));
    const terminationLog = join(own, 'termination-log');
    await writeFile(terminationLog, '');
    const port = await freePort();
    const platform = {
      MOD_ROOT_PATH: folder,
      FUNC_PORT: String(port),
      KUBELESS_TERMINATION_LOG: terminationLog,
      TMPDIR: own,
    };
    const env = serverEnvironment(this.runtime, folder, platform, options);
    return ProcessServer.start({
      command: this.description.command,
      workingFolder: this.description.workingFolder,
      env: { ...ownEnvironment(this.description.env), ...env },
      port: Number(env.FUNC_PORT) || port,
      terminationLog,
      groups: join(this.runFolder, 'groups'),
    });
  }

  /** One folder for all servers of the same function. */
  private folder(options: StartOptions): Promise<FunctionFolder> {
    const { fixture, layout, files, env = {} } = options;
    const key = JSON.stringify([fixture, layout, files, env.MOD_NAME, env.FUNC_HANDLER]);
    const known = this.folders.get(key);
    if (known) return known;
    const made = this.makeFolder(options);
    this.folders.set(key, made);
    return made;
  }

  private async makeFolder(options: StartOptions): Promise<FunctionFolder> {
    const path = await mkdtemp(join(this.runFolder, 'function-'));
    for (const file of await fixtureFiles(this.runtime, options)) {
      const absolute = join(path, file.path);
      await mkdir(dirname(absolute), { recursive: true });
      if ('link' in file) await symlink(file.link, absolute);
      else await writeFile(absolute, file.content, { mode: file.mode });
    }
    return { path, prepared: await this.prepare(path, options) };
  }

  private async prepare(
    folder: string,
    { env = {} }: StartOptions,
  ): Promise<PhaseResult | undefined> {
    const { prepare, env: callers } = this.description;
    if (prepare === undefined) return undefined;
    const terminationLog = `${folder}.termination-log`;
    const phase = phaseEnvironment(this.runtime, folder, {
      MOD_ROOT_PATH: folder,
      KUBELESS_TERMINATION_LOG: terminationLog,
      ...env,
    });
    return runShell(prepare, folder, { ...ownEnvironment(callers), ...phase }, terminationLog);
  }
}

async function endOf(server: ProcessServer): Promise<string | undefined> {
  if (server.exitCode === undefined) return undefined;
  await sleep(50); // its last output
  return `exit code ${server.exitCode}\n${lastOutput(await server.log())}`;
}

function lastOutput({ stdout, stderr }: { stdout: string; stderr: string }): string {
  return `${stdout}${stderr}`.trimEnd().split('\n').slice(-20).join('\n');
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
