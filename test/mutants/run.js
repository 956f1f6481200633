import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { loadRuntime } from '../../packages/runtime-kit/dist/cli/verify-targets.js';
import { verify } from '../../packages/runtime-kit/dist/conformance/index.js';

// Verifies what the first line of stdin describes, and prints the report as JSON. Where it is told to
// stop, or whoever holds the other end of stdin is gone, it puts away what it started.
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort());
const lines = createInterface(process.stdin).on('close', () => stop.abort());

const [line] = await once(lines, 'line');
const { runtime: folder, ...options } = JSON.parse(line);
const runtime = await loadRuntime(folder);
const report = await verify({
  runtimes: [runtime],
  ...options,
  targets: options.targets.map((target) => ({ ...target, language: runtime.language })),
  signal: stop.signal,
});
process.stdout.write(JSON.stringify(report));
lines.close();
