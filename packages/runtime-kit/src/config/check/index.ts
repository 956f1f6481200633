import type { Pinned } from '../../pins/index.js';
import type { ConfigFile } from '../document.js';
import { error, type Finding } from '../finding.js';
import { readRuntimeImages } from '../read.js';
import type { CheckContext } from './context.js';
import { checkArchitectures, checkImages, checkPlatformImages } from './images.js';
import { checkPhases } from './phases.js';
import { checkRegistries } from './registry.js';
import { checkNames, checkProbes, checkSupport } from './runtimes.js';

export interface CheckOptions {
  /** Whether registries are asked for the digests. */
  registries?: boolean;
  /** `OS/ARCHITECTURE` of the cluster's nodes. */
  platform?: string | undefined;
  today?: Date;
}

const CHECKS = [
  checkNames,
  checkPhases,
  checkImages,
  checkArchitectures,
  checkSupport,
  checkProbes,
];

/** Everything that there is to say of a configuration, errors first. */
export async function checkConfig(
  { images, configMap }: ConfigFile,
  pinned: Pinned,
  { registries = false, platform, today = new Date() }: CheckOptions = {},
): Promise<Finding[]> {
  if (images === undefined)
    return [error('structure', 'runtime-images', 'the ConfigMap has no such key: no runtimes')];
  const { runtimes, findings } = readRuntimeImages(images);
  const context: CheckContext = { ...pinned, runtimes, platform, today };
  const found = [
    ...findings,
    ...(runtimes.length === 0 && findings.length === 0
      ? [error('structure', 'runtime-images', 'the list is empty: no runtimes')]
      : []),
    ...CHECKS.flatMap((check) => check(context)),
    ...checkPlatformImages(configMap?.others ?? {}),
    ...(registries ? await checkRegistries(context) : []),
  ];
  const isError = ({ level }: Finding) => level === 'error';
  return [...found.filter(isError), ...found.filter((one) => !isError(one))];
}
