import type { RuntimeFacts } from '../../src/conformance/targets/target.js';

/** What a run knows of the toy language. */
export function toyFacts(changes: Partial<RuntimeFacts> = {}): RuntimeFacts {
  return {
    language: 'toy',
    fixtures: '/nowhere',
    suffix: '.toy',
    dependencies: 'toys.txt',
    registry: 'https://toys.example',
    module: 'function',
    handler: 'handler',
    gaps: {},
    env: {},
    phases: {},
    capabilities: { data: 'parsed', checks: 'load', cancellation: 'none' },
    budgets: {},
    ...changes,
  };
}
