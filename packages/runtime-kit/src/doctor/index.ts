import { loadCatalog } from '../catalog/index.js';
import { connectEngine, type Engine } from '../engine/index.js';
import { RuntimeKitError } from '../errors.js';
import { bootstrapTool, buildx, diskSpace, nodeVersion, registry, trustedCa } from './checks.js';
import type { Finding } from './finding.js';

export type { Finding } from './finding.js';

/** Examines the machine. Nothing is changed; what cannot be found out is a finding too. */
export async function examine(): Promise<Finding[]> {
  const catalog = await loadCatalog();
  const engine = await connectEngine().catch((error: unknown) => {
    if (error instanceof RuntimeKitError) return error;
    throw error;
  });
  const onEngine =
    engine instanceof RuntimeKitError
      ? [engineMissing(engine)]
      : await Promise.all([engineFound(engine), registry(engine, catalog)]);
  return [
    nodeVersion(),
    ...onEngine,
    ...(await Promise.all([buildx(), bootstrapTool(catalog), diskSpace(), trustedCa(catalog)])),
  ];
}

function engineMissing({ message, hint }: RuntimeKitError): Finding {
  return {
    name: 'engine',
    status: 'missing',
    detail: message,
    ...(hint === undefined ? {} : { fix: hint }),
  };
}

async function engineFound(engine: Engine): Promise<Finding> {
  const { version, apiVersion, cpus, memoryBytes } = await engine.info();
  const memory = (memoryBytes / 2 ** 30).toFixed(1);
  return {
    name: 'engine',
    status: 'ok',
    detail: `version ${version}, API ${apiVersion}, BuildKit, ${cpus} processors, ${memory} GiB`,
  };
}
