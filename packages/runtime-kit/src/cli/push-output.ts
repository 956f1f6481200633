import type { PushEvent, PushResult } from '../pins/index.js';
import { printTable } from './print.js';

const WORDS = {
  pushing: 'pushing',
  pushed: 'pushed',
  kept: 'there already',
  moved: 'moved',
};

export function printEvent(event: PushEvent): void {
  const { action } = event;
  const line =
    action === 'retry'
      ? `trying again: ${event.reason}`
      : `${event.runtime}: ${WORDS[action]}: ${event.name}`;
  process.stderr.write(`${line}\n`);
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
