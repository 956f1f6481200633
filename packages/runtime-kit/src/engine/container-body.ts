import type Docker from 'dockerode';
import type {
  ContainerOptions,
  ContainerState,
  ContainerSummary,
  ContainerUsage,
} from './types.js';

/** Our options as the engine's request. */
export function createBody(options: ContainerOptions): Docker.ContainerCreateOptions {
  const ports = [...(options.publish ?? []), ...Object.keys(options.publishAt ?? {})];
  const env = Object.entries(options.env ?? {}).map(([name, value]) => `${name}=${value}`);
  return {
    Image: options.image,
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.command ? { Cmd: options.command } : {}),
    ...(options.entrypoint ? { Entrypoint: options.entrypoint } : {}),
    ...(options.workingDir === undefined ? {} : { WorkingDir: options.workingDir }),
    ...(options.user === undefined ? {} : { User: options.user }),
    Env: env,
    Labels: options.labels ?? {},
    ExposedPorts: Object.fromEntries(ports.map((port) => [`${port}/tcp`, {}])),
    HostConfig: hostConfig(options),
  };
}

/** A reboot starts it again, an operator's `docker stop` holds. */
export const RESTARTS = { Name: 'unless-stopped' };

function hostConfig(options: ContainerOptions): Docker.HostConfig {
  const wanted = [
    ...(options.publish ?? []).map((port) => [port, ''] as const),
    ...Object.entries(options.publishAt ?? {}),
  ];
  const bindings = wanted.map(([port, hostPort]) => [
    `${port}/tcp`,
    [{ HostIp: '127.0.0.1', HostPort: String(hostPort) }],
  ]);
  return {
    PortBindings: Object.fromEntries(bindings),
    Mounts: (options.volumes ?? []).map(({ name, path, readOnly = false }) => ({
      Type: 'volume',
      Source: name,
      Target: path,
      ReadOnly: readOnly,
      // An image's own files at that path are not copied into the volume.
      VolumeOptions: {
        NoCopy: true,
        Labels: {},
        DriverConfig: { Name: 'local', Options: {} },
      },
    })),
    ...(options.tmpfs ? { Tmpfs: options.tmpfs } : {}),
    ...(options.readOnlyRoot ? { ReadonlyRootfs: true } : {}),
    ...(options.dropCapabilities ? { CapDrop: ['ALL'] } : {}),
    ...(options.addCapabilities ? { CapAdd: options.addCapabilities } : {}),
    ...(options.noNewPrivileges ? { SecurityOpt: ['no-new-privileges'] } : {}),
    ...(options.memoryBytes === undefined
      ? {}
      : { Memory: options.memoryBytes, MemorySwap: options.memoryBytes }),
    ...(options.cpus === undefined ? {} : { NanoCpus: Math.round(options.cpus * 1e9) }),
    ...(options.cpuset === undefined ? {} : { CpusetCpus: options.cpuset }),
    ...(options.pidsLimit === undefined ? {} : { PidsLimit: options.pidsLimit }),
    ...(options.network === undefined ? {} : { NetworkMode: options.network }),
    ExtraHosts: Object.entries(options.hosts ?? {}).map(([name, address]) => `${name}:${address}`),
    ...(options.pid === undefined ? {} : { PidMode: options.pid }),
    ...(options.init ? { Init: true } : {}),
    ...(options.restarts ? { RestartPolicy: RESTARTS } : {}),
  };
}

export function stateOf(inspected: Docker.ContainerInspectInfo): ContainerState {
  const { State, NetworkSettings, RestartCount } = inspected;
  const published = Object.entries(NetworkSettings.Ports ?? {}).flatMap(([port, bindings]) => {
    const [binding] = bindings ?? [];
    if (!binding) return [];
    return [[Number.parseInt(port, 10), { host: binding.HostIp, port: Number(binding.HostPort) }]];
  });
  return {
    running: State.Running,
    exitCode: State.ExitCode,
    outOfMemory: State.OOMKilled,
    startedAt: State.StartedAt,
    finishedAt: State.FinishedAt,
    ports: Object.fromEntries(published),
    ipAddress: Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? '',
    restartCount: RestartCount,
  };
}

export function summaryOf(info: Docker.ContainerInfo): ContainerSummary {
  const published = info.Ports.filter(({ PublicPort }) => PublicPort !== undefined);
  return {
    id: info.Id,
    name: info.Names[0]?.slice(1) ?? '',
    labels: info.Labels,
    running: info.State === 'running',
    createdAt: info.Created,
    ports: Object.fromEntries(published.map((port) => [port.PrivatePort, port.PublicPort])),
  };
}

/** Version 1 of the kernel's control groups calls the droppable cache otherwise than version 2. */
export function usageOf({
  cpu_stats: cpu,
  memory_stats: memory,
}: Docker.ContainerStats): ContainerUsage {
  const details = (memory.stats ?? {}) as unknown as Record<string, number | undefined>;
  const droppable = details.total_inactive_file ?? details.inactive_file ?? 0;
  return {
    cpuNanoseconds: cpu.cpu_usage.total_usage,
    workingSetBytes: memory.usage === undefined ? undefined : Math.max(memory.usage - droppable, 0),
  };
}
