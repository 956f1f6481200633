import type { Load } from '../load/request.js';
import type { ToolRun } from '../load/run-tool.js';
import type { Scenario } from '../scenarios.js';
import type { Bench } from './bench.js';
import type { BenchServer } from './server.js';

const URL_OF_SERVER = 'http://127.0.0.1:8080/';

/** A running server under the load of one scenario. */
export interface Subject {
  bench: Bench;
  server: BenchServer;
  scenario: Scenario;
}

export function loadOf({ bench, scenario }: Subject, seconds: number): Load {
  return { url: URL_OF_SERVER, scenario, seconds, threads: bench.cores.loadThreads };
}

export function toolRun({ bench, server }: Subject, image: string): ToolRun {
  const { engine, cores, placement } = bench;
  return { engine, image, server: server.id, cpuset: cores.load, labels: placement.labels };
}
