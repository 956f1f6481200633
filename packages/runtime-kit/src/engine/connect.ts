import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { inspect } from 'node:util';
import Docker from 'dockerode';
import { messageOf, RuntimeKitError } from '../errors.js';
import { Containers } from './containers.js';
import { Images } from './images.js';
import { Networks } from './networks.js';
import type { EngineInfo } from './types.js';
import { Volumes } from './volumes.js';

/** `RUN --mount` and `version=2` builds are there from API 1.41, engine 20.10, on. */
const OLDEST_API = '1.41';

export class Engine {
  readonly containers: Containers;
  readonly images: Images;
  readonly networks: Networks;
  readonly volumes: Volumes;

  constructor(private readonly docker: Docker) {
    this.containers = new Containers(docker);
    this.images = new Images(docker);
    this.networks = new Networks(docker);
    this.volumes = new Volumes(docker);
  }

  async info(): Promise<EngineInfo> {
    const [version, info] = await Promise.all([this.docker.version(), this.docker.info()]);
    return {
      version: version.Version,
      apiVersion: version.ApiVersion,
      operatingSystem: info.OperatingSystem,
      architecture: version.Arch,
      cpus: info.NCPU,
      memoryBytes: info.MemTotal,
      rootFolder: info.DockerRootDir,
      kernel: info.KernelVersion,
      loggingDriver: info.LoggingDriver,
      storageDriver: info.Driver,
      cgroupVersion: info.CgroupVersion ?? '1',
    };
  }
}

/**
 * Connects to the engine that the environment names (DOCKER_HOST and friends), else to the local one.
 *
 * @throws RuntimeKitError ENGINE_MISSING, ENGINE_TOO_OLD.
 */
export async function connectEngine(): Promise<Engine> {
  const docker = newClient();
  const version = await docker.version().catch((error: unknown) => {
    throw new RuntimeKitError('ENGINE_MISSING', `no engine answers: ${messageOf(error)}`, {
      hint: 'install Docker Engine 20.10 or newer and start it, or set DOCKER_HOST; `scripts/up` does it on Debian and Ubuntu; `runtime-kit doctor` says more',
      cause: error,
    });
  });
  if (compareApi(version.ApiVersion, OLDEST_API) < 0)
    throw new RuntimeKitError(
      'ENGINE_TOO_OLD',
      `engine ${version.Version} speaks API ${version.ApiVersion}, which has no BuildKit`,
      { hint: 'install Docker Engine 20.10 or newer' },
    );
  return new Engine(docker);
}

/**
 * One connection a request: with engines from 29.5 on, requests over the keep-alive agent that Node
 * uses by default can hang (docker-modem issue 196).
 */
function newClient(): Docker {
  try {
    const docker = new Docker();
    const modem = docker.modem as { protocol?: string; agent?: HttpAgent };
    modem.agent = quiet(modem.protocol === 'https' ? new HttpsAgent() : new HttpAgent());
    return docker;
  } catch (error) {
    throw new RuntimeKitError('ENGINE_MISSING', `DOCKER_HOST: ${messageOf(error)}`, {
      hint: 'set DOCKER_HOST to unix:///path or tcp://host:port, or leave it unset',
      cause: error,
    });
  }
}

/**
 * docker-modem formats every request for its debug log, also where nobody reads that, and formatting an
 * agent with its open sockets takes longer than the request.
 */
function quiet(agent: HttpAgent): HttpAgent {
  return Object.assign(agent, { [inspect.custom]: () => 'Agent' });
}

function compareApi(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
