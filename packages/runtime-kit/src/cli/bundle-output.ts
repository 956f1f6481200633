import type { BundledImage, LoadEvent, LoadedImage } from '../pins/index.js';
import { mebibytes, print, printJson, printTable } from './print.js';

export function printBlob({ reference }: BundledImage, bytes: number): void {
  process.stderr.write(`${reference}: ${mebibytes(bytes)}\n`);
}

const WORDS = {
  checked: 'every sum and every pin holds',
  loaded: 'on the engine',
  pushed: 'pushed',
};

export function printEvent({ action, subject }: LoadEvent): void {
  process.stderr.write(`${subject}: ${WORDS[action]}\n`);
}

export function printCreated(
  file: string,
  { images, sizeBytes }: { images: BundledImage[]; sizeBytes: number },
  { json }: { json?: true | undefined },
): void {
  const contents = images.map(({ runtime, reference, digest, platforms }) => ({
    runtime,
    reference: `${reference}@${digest}`,
    platforms: platforms.map(({ platform }) => platform),
  }));
  if (json) {
    printJson({ file, sizeBytes, images: contents });
    return;
  }
  printTable(
    ['runtime', 'image', 'platforms'],
    contents.map(({ runtime, reference, platforms }) => [runtime, reference, platforms.join('\n')]),
  );
  print(`${file}: ${mebibytes(sizeBytes)}`);
}

export function printLoaded(images: LoadedImage[], { json }: { json?: true | undefined }): void {
  if (json) {
    printJson({ images });
    return;
  }
  printTable(
    ['runtime', 'pinned', 'on the engine'],
    images.map(({ runtime, reference, name }) => [runtime, reference, name ?? '-']),
  );
}
