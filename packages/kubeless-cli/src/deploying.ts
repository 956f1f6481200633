import { loadCatalog } from 'runtime-kit/catalog';
import { connectEngine } from 'runtime-kit/engine';
import {
  type DeployedFunction,
  type FunctionResource,
  openWorkbench,
  type Workbench,
} from 'runtime-kit/functions';
import { info } from './info.js';

const STEPS: Record<string, string> = {
  installation: 'Installing dependencies...',
  compilation: 'Compiling function...',
  start: 'Starting function...',
  turn: 'Turning calls to the new version...',
};

/** An engine to deploy on; each step is told on stderr. */
export async function openBench(signal: AbortSignal): Promise<Workbench> {
  const [engine, catalog] = await Promise.all([connectEngine(), loadCatalog()]);
  const onStatus = (status: string) => info(STEPS[status] ?? status);
  return openWorkbench(engine, catalog, { onStatus, signal });
}

export function tellDeployed({ name, url }: DeployedFunction): void {
  info(`Function ${name} answers at ${url}`);
}

/** What a resource says and one engine does not do. */
export function tellClusterMatters({ metadata, spec }: FunctionResource): void {
  if (spec.schedule !== undefined)
    info(
      `The schedule "${spec.schedule}" needs a cluster: here ${metadata.name} runs when it is called`,
    );
}
