import { type Catalog, imageName } from '../../catalog/index.js';
import { RuntimeKitError } from '../../errors.js';

/** An image, and the command in it that runs a JavaScript file. */
export interface FrontImage {
  image: string;
  command: string[];
}

/** The image that can run a function's front. @throws RuntimeKitError CONFIG_INVALID where none can */
export function frontImageOf({
  config,
  runtimes,
}: Pick<Catalog, 'config' | 'runtimes'>): FrontImage {
  for (const { manifest, variants } of runtimes) {
    const [newest] = variants;
    if (!manifest.front || !newest) continue;
    return {
      image: imageName(config.prefix, newest, 'runtime'),
      command: manifest.front.command,
    };
  }
  throw new RuntimeKitError(
    'CONFIG_INVALID',
    'no runtime says how its image runs the front of functions',
    {
      hint: 'one runtime.yaml has `front: { command: [PROGRAM] }`; docs/decisions/0011-functions-on-an-engine.md says what for',
    },
  );
}
