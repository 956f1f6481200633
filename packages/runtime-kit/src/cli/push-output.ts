import type { PushEvent, PushResult } from '../pins/index.js';
import { printTable } from './print.js';

const WORDS: Record<PushEvent['action'], string> = {
  pushing: 'pushing',
  pushed: 'pushed',
  kept: 'there already',
  moved: 'moved',
  retry: 'trying again',
};

export function printEvent({ runtime, name, action, reason }: PushEvent): void {
  const tail = reason === undefined ? '' : `: ${reason}`;
  process.stderr.write(`${runtime}: ${WORDS[action]}: ${name}${tail}\n`);
}

export function printPushes(results: PushResult[]): void {
  const rows = results.flatMap(({ runtime, images }) =>
    [images.runtime, ...(images.build ? [images.build] : [])].map((image) => [
      runtime,
      image.reference,
      [image.immutable, ...image.floating].join('\n'),
      image.digest,
    ]),
  );
  printTable(['runtime', 'image', 'tags', 'digest'], rows);
}
