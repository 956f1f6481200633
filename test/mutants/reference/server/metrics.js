import { readFileSync } from 'node:fs';
import { broken } from './broken.js';

const BUCKETS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180,
];
const PAGE_BYTES = 4096;
const TICKS_PER_SECOND = 100;

/** The numbers of the container; workers report each call's start and end. */
export class Metrics {
  #calls = new Map();
  #running = new Map();
  #started = Date.now() / 1000 - process.uptime();

  start(worker, { id, method }) {
    this.#running.set(`${worker}:${id}`, { method, at: performance.now() });
  }

  end(worker, { id, seconds, failed, timedOut }) {
    const key = `${worker}:${id}`;
    const call = this.#running.get(key);
    if (!call) return;
    this.#running.delete(key);
    this.#count(call.method, { seconds, failed, timedOut });
  }

  /** The calls that a worker took with it count as failed. */
  failUnfinished(worker) {
    for (const [key, call] of this.#running) {
      if (!key.startsWith(`${worker}:`)) continue;
      this.#running.delete(key);
      const seconds = (performance.now() - call.at) / 1000;
      this.#count(call.method, { seconds, failed: true, timedOut: false });
    }
  }

  reset() {
    this.#calls.clear();
  }

  #count(method, { seconds: measured, failed, timedOut }) {
    const label = broken('metrics-label-has-path') ? `function-${method}` : method;
    const known = this.#calls.get(label) ?? newCounts();
    this.#calls.set(label, known);
    const seconds = measured * (broken('metrics-in-milliseconds') ? 1000 : 1);
    known.calls += broken('counts-twice') ? 2 : 1;
    known.failures += failed && !broken('failures-not-counted') ? 1 : 0;
    known.timeouts += timedOut ? 1 : 0;
    known.sum += seconds;
    known.buckets = known.buckets.map(
      (count, index) => count + (seconds <= BUCKETS[index] ? 1 : 0),
    );
  }

  page(pids) {
    const inFlight = broken('in-flight-missing')
      ? ''
      : family('function_requests_in_flight', 'gauge', 'Calls that are running now.', [
          `function_requests_in_flight ${this.#running.size}`,
        ]);
    return [
      this.#counter('function_calls_total', 'Calls of the function.', 'calls'),
      this.#counter(
        'function_failures_total',
        'Calls that ended in an error or a timeout.',
        'failures',
      ),
      this.#counter('function_timeouts_total', 'Calls that ran past FUNC_TIMEOUT.', 'timeouts'),
      this.#histogram(),
      inFlight,
      ...processFamilies(pids, this.#started),
    ].join('');
  }

  #counter(name, help, field) {
    const samples = [...this.#calls].map(
      ([method, counts]) => `${name}{method="${method}"} ${counts[field]}`,
    );
    return family(name, 'counter', broken('metrics-own-help') ? 'help' : help, samples);
  }

  #histogram() {
    const name = 'function_duration_seconds';
    const samples = [...this.#calls].flatMap(([method, { buckets, calls, sum }]) => [
      ...buckets.map(
        (count, i) => `${name}_bucket{method="${method}",le="${BUCKETS[i]}"} ${count}`,
      ),
      ...(broken('bucket-inf-missing')
        ? []
        : [`${name}_bucket{method="${method}",le="+Inf"} ${calls}`]),
      `${name}_sum{method="${method}"} ${sum}`,
      `${name}_count{method="${method}"} ${calls}`,
    ]);
    return family(name, 'histogram', 'Duration of the calls in seconds.', samples);
  }
}

function newCounts() {
  return { calls: 0, failures: 0, timeouts: 0, sum: 0, buckets: BUCKETS.map(() => 0) };
}

function family(name, type, help, samples) {
  const head = broken('type-after-samples')
    ? [`# HELP ${name} ${help}`, ...samples, `# TYPE ${name} ${type}`]
    : [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples];
  return `${head.join('\n')}\n`;
}

/** CPU time and memory of all processes of the container, from Linux' /proc. */
function processFamilies(pids, started) {
  const all = pids.map(usage);
  const cpu = all.reduce((sum, one) => sum + one.cpu, 0);
  const memory = all.reduce((sum, one) => sum + one.memory, 0);
  if (broken('process-metrics-missing')) return [];
  return [
    family(
      'process_cpu_seconds_total',
      'counter',
      'Total user and system CPU time spent in seconds.',
      [`process_cpu_seconds_total ${cpu}`],
    ),
    family('process_resident_memory_bytes', 'gauge', 'Resident memory size in bytes.', [
      `process_resident_memory_bytes ${memory}`,
    ]),
    family(
      'process_start_time_seconds',
      'gauge',
      'Start time of the process since unix epoch in seconds.',
      [`process_start_time_seconds ${started.toFixed(3)}`],
    ),
  ];
}

function usage(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [user, system] = [Number(fields[11]), Number(fields[12])];
    return { cpu: (user + system) / TICKS_PER_SECOND, memory: Number(fields[21]) * PAGE_BYTES };
  } catch {
    return { cpu: 0, memory: 0 };
  }
}
