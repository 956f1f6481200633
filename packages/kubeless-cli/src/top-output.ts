import { printJson, printTable } from 'runtime-kit/cli';
import type { MethodMetrics } from 'runtime-kit/functions';
import { stringify } from 'yaml';

export interface MeasuredFunction {
  name: string;
  namespace: string;
  methods: MethodMetrics[];
}

const HEAD = [
  'name',
  'namespace',
  'method',
  'total_calls',
  'total_failures',
  'total_duration_seconds',
  'avg_duration_seconds',
  'p50_seconds',
  'p99_seconds',
];

export function printMetrics(
  functions: MeasuredFunction[],
  out: 'json' | 'yaml' | undefined,
): void {
  if (out === 'json') printJson(functions);
  else if (out === 'yaml') process.stdout.write(stringify(functions));
  else printTable(HEAD, functions.flatMap(rows));
}

function rows({ name, namespace, methods }: MeasuredFunction): string[][] {
  if (methods.length === 0) return [[name, namespace]];
  return methods.map(({ method, calls, failures, seconds, p50, p99 }) => [
    name,
    namespace,
    method,
    String(calls),
    String(failures),
    ...[seconds, seconds / calls, p50, p99].map(short),
  ]);
}

function short(seconds: number): string {
  return Number.isFinite(seconds) ? String(Number(seconds.toPrecision(3))) : '';
}
