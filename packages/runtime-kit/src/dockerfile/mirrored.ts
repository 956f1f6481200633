import { CA_MOUNT } from './partials.js';

/** The folder that build steps mount. */
export const MOUNTED = '/run/trusted-ca';
/** What of it a step's shell reads where there are mirrors. */
export const MIRRORS_FILE = 'mirrors';

/** RUN, its flags, perhaps on several lines, and whatever stands before its command; not the JSON form. */
const RUN = /^(RUN)((?:(?:[ \t]|\\\n)+--\S+)*)((?:[ \t]|\\\n)+)(?![ \t[]|\\\n|--)/gm;

/**
 * A Dockerfile whose steps read the mounted mirrors first. It is what an engine is sent where mirrors are
 * configured: the generated file has nothing of them, so that it is the same for everybody, and works with
 * a plain `docker build`. Lines stay where they are.
 */
export function readingMirrors(dockerfile: string): string {
  // A Dockerfile without this stage cannot mount it.
  if (!/^FROM .+ AS trusted-ca$/m.test(dockerfile)) return dockerfile;
  return dockerfile.replaceAll(RUN, (_, run: string, flags: string, space: string) => {
    const mount = flags.includes(CA_MOUNT) ? '' : ` ${CA_MOUNT}`;
    return `${run}${mount}${flags}${space}. ${MOUNTED}/${MIRRORS_FILE}; `;
  });
}
