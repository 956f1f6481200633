import type { Config } from '../catalog/index.js';
import { type PhaseImage, type RuntimeImages, runtimeIdOf } from './structure.js';

/** A runtime that functions can name. */
export interface SupportedRuntime {
  runtime: string;
  /** The runtime that it stands for, where it is an alias of the configuration. */
  alias: string | undefined;
  images: PhaseImage[];
}

/** In the order of the list, as the controller offers them. */
export function supportedRuntimes(
  images: RuntimeImages,
  { aliases }: Pick<Config, 'aliases'>,
): SupportedRuntime[] {
  return images.flatMap((info) =>
    info.versions.map((version) => {
      const runtime = runtimeIdOf(info, version);
      return { runtime, alias: aliases[runtime], images: version.images };
    }),
  );
}

/** What `kubeless get-server-config` says, a log message a line. */
export function serverConfigMessages(runtimes: Pick<SupportedRuntime, 'runtime'>[]): string[] {
  const names = runtimes.map(({ runtime }) => runtime).join(', ');
  return ['Current Server Config:', `Supported Runtimes are: ${names}`];
}
