import { readFileSync } from 'node:fs';
import { broken } from './broken.js';
import { family } from './metrics-text.js';

const PAGE_BYTES = 4096;
const TICKS_PER_SECOND = 100;

const started = Date.now() / 1000 - process.uptime();

/** CPU time and memory of all processes of the container, from Linux' /proc. */
export function processFamilies(pids) {
  if (broken('process-metrics-missing')) return [];
  const all = pids.map(usage);
  const sum = (field) => all.reduce((total, one) => total + one[field], 0);
  const cpu = sum('cpu') * (broken('cpu-in-milliseconds') ? 1000 : 1);
  const memory = sum('memory');
  const start = broken('start-of-the-scrape') ? Date.now() / 1000 : started;
  return [
    single('process_cpu_seconds_total', 'counter', CPU_HELP, cpu),
    single('process_resident_memory_bytes', 'gauge', 'Resident memory size in bytes.', memory),
    single('process_start_time_seconds', 'gauge', START_HELP, start.toFixed(3)),
  ];
}

const CPU_HELP = 'Total user and system CPU time spent in seconds.';
const START_HELP = 'Start time of the process since unix epoch in seconds.';

function single(name, type, help, value) {
  return family(name, type, help, [`${name} ${value}`]);
}

/** Its own and that of the children it has waited for: of the primary, the workers that have ended. */
function usage(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
    return { cpu: ticks / TICKS_PER_SECOND, memory: Number(fields[21]) * PAGE_BYTES };
  } catch {
    return { cpu: 0, memory: 0 };
  }
}
