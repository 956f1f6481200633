import { cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../engine/index.js';
import type { Machine } from '../report/schema.js';
import { busyCores, busySeconds } from './processor-time.js';

const SAMPLE_S = 2;
/** More than this of a core at work before anything is measured is somebody else's. */
const QUIET_CORES = 0.15;

/** What a reader needs to know of the machine, and how busy it is before anything starts. */
export async function describeMachine(engine: Engine): Promise<Machine> {
  const [info, busyBefore] = await Promise.all([engine.info(), sampleBusyCores()]);
  const [processor] = cpus();
  return {
    processor: processor?.model.trim() ?? 'unknown',
    cores: info.cpus,
    memoryBytes: info.memoryBytes,
    kernel: info.kernel,
    operatingSystem: info.operatingSystem,
    engine: info.version,
    storageDriver: info.storageDriver,
    loggingDriver: info.loggingDriver,
    cgroupVersion: info.cgroupVersion,
    loadAverage: loadavg()[0] ?? 0,
    ...(busyBefore === undefined ? {} : { busyCoresBefore: busyBefore }),
  };
}

async function sampleBusyCores(): Promise<number | undefined> {
  const [before, started] = [await busySeconds(), Date.now()];
  await sleep(SAMPLE_S * 1000);
  return busyCores(before, await busySeconds(), (Date.now() - started) / 1000);
}

/** Whether something else was at work before the run; the report warns of it. */
export function isQuiet({ busyCoresBefore = 0 }: Machine): boolean {
  return busyCoresBefore <= QUIET_CORES;
}
