import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { loadRuntime } from '../../packages/runtime-kit/dist/cli/verify-targets.js';
import { verify } from '../../packages/runtime-kit/dist/conformance/index.js';

// Verifies the reference server as often as stdin asks for, and prints the report as JSON.
const workingFolder = fileURLToPath(new URL('./reference/', import.meta.url));
const runtime = await loadRuntime(workingFolder);
const subjects = JSON.parse(await text(process.stdin));
const report = await verify({
  runtimes: [runtime],
  targets: subjects.map(({ name, mutant = 'none', only }) => ({
    kind: 'command',
    name,
    language: runtime.language,
    workingFolder,
    command: `env RUNTIME_KIT_MUTANT=${mutant} node server/main.js`,
    ...(only ? { only } : {}),
  })),
});
process.stdout.write(JSON.stringify(report));
