import { setTimeout as sleep } from 'node:timers/promises';
import { fetchFrom, NoAnswer } from '../../conformance/testing/http.js';
import type { ContainerUsage, Engine } from '../../engine/index.js';
import type { Scenario } from '../scenarios.js';

/** Everything about a server but where it runs. */
export interface ServerOptions {
  image: string;
  entrypoint?: string[];
  env: Record<string, string>;
  user?: string;
  volume?: { name: string; path: string; readOnly: boolean };
}

interface Placement {
  engine: Engine;
  labels: Record<string, string>;
  /** The processors that it may use. */
  cpuset: string;
  signal: AbortSignal | undefined;
}

const PORT = 8080;
const READY_WITHIN_MS = 60_000;
/** The answer to a probe is what a start is measured by: it must not be late by the asking. */
const POLL_MS = 5;
const POLLS_PER_END_CHECK = 40;
const LOG_LINES = 20;

/** A server did not start, or did not answer. */
export class NotReady extends Error {
  override name = 'NotReady';
}

/** A container that serves, and how long it took until it did. */
export class BenchServer {
  private constructor(
    private readonly engine: Engine,
    readonly id: string,
    readonly origin: string,
    /** From the request to create the container to the first right status, in milliseconds. */
    readonly startMs: number,
  ) {}

  /** @throws NotReady with the container's log. */
  static async start(
    options: ServerOptions,
    scenario: Scenario,
    { engine, labels, cpuset, signal }: Placement,
  ): Promise<BenchServer> {
    const began = performance.now();
    const id = await engine.containers.create({
      image: options.image,
      labels,
      env: options.env,
      cpuset,
      publish: [PORT],
      ...(options.entrypoint ? { entrypoint: options.entrypoint } : {}),
      ...(options.user === undefined ? {} : { user: options.user }),
      ...(options.volume ? { volumes: [options.volume] } : {}),
    });
    try {
      await engine.containers.start(id);
      const { ports } = await engine.containers.state(id);
      const origin = `http://${ports[PORT]?.host}:${ports[PORT]?.port}`;
      await untilReady(engine, id, { origin, scenario, signal });
      return new BenchServer(engine, id, origin, performance.now() - began);
    } catch (error) {
      await engine.containers.remove(id);
      throw error;
    }
  }

  usage(): Promise<ContainerUsage> {
    return this.engine.containers.usage(this.id);
  }

  /** Why it should not count: it ended, or was started again; undefined while all is well. */
  async problem(): Promise<string | undefined> {
    const { running, exitCode, outOfMemory } = await this.engine.containers.state(this.id);
    if (running) return undefined;
    const log = await lastLines(this.engine, this.id);
    return `the server ended with ${exitCode}${outOfMemory ? ' (out of memory)' : ''}: ${log}`;
  }

  remove(): Promise<void> {
    return this.engine.containers.remove(this.id);
  }
}

interface Probe {
  origin: string;
  scenario: Scenario;
  signal: AbortSignal | undefined;
}

async function untilReady(engine: Engine, id: string, probe: Probe): Promise<void> {
  const end = Date.now() + READY_WITHIN_MS;
  let seen = '';
  for (let poll = 1; Date.now() < end; poll++) {
    probe.signal?.throwIfAborted();
    seen = await statusOf(probe);
    if (seen === '200') return;
    if (poll % POLLS_PER_END_CHECK === 0) {
      const { running, exitCode } = await engine.containers.state(id);
      if (!running)
        throw new NotReady(
          `ended with ${exitCode} before it served: ${await lastLines(engine, id)}`,
        );
    }
    await sleep(POLL_MS);
  }
  throw new NotReady(
    `no 200 within ${READY_WITHIN_MS / 1000} s; at the end: ${seen}; ${await lastLines(engine, id)}`,
  );
}

/** What the scenario's own request is answered with: the same question to every contender. */
async function statusOf({ origin, scenario }: Probe): Promise<string> {
  const { method, body, contentType } = scenario;
  try {
    const { status } = await fetchFrom(origin, '/', {
      method,
      limitMs: 5000,
      ...(body === undefined ? {} : { body }),
      ...(contentType === undefined ? {} : { headers: { 'content-type': contentType } }),
    });
    return String(status);
  } catch (error) {
    if (error instanceof NoAnswer) return 'no answer';
    throw error;
  }
}

async function lastLines(engine: Engine, id: string): Promise<string> {
  const { stdout, stderr } = await engine.containers.logs(id, { tail: LOG_LINES });
  return (stdout + stderr).trim() || '(it printed nothing)';
}
