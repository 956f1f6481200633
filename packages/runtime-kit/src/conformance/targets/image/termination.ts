import { text } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import type { Engine } from '../../../engine/index.js';

/** The termination log of a container, which may have ended. */
export async function readTermination(
  engine: Engine,
  container: string,
  path: string,
): Promise<string> {
  const archive = extract();
  (await engine.containers.getArchive(container, path)).pipe(archive);
  let found = '';
  // To the end: an archive that is left early ends with an error nobody waits for.
  for await (const entry of archive) found += await text(entry);
  return found;
}
