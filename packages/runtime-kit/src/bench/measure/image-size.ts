import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { extract } from 'tar-stream';
import type { Engine } from '../../engine/index.js';

/**
 * What a registry would store and a node would download: the sum of the layers, each compressed with
 * gzip at its default level as `docker push` does.
 */
export async function compressedBytes(engine: Engine, image: string): Promise<number> {
  const sizes = new Map<string, number>();
  let layers: string[] = [];
  const archive = ((await engine.images.save(image)) as Readable).pipe(extract());
  for await (const entry of archive) {
    const { name, type } = entry.header;
    if (name === 'manifest.json')
      layers = (JSON.parse(await text(entry)) as { Layers: string[] }[]).flatMap(
        ({ Layers }) => Layers,
      );
    else if (type === 'file') sizes.set(name, await gzippedBytes(entry as unknown as Readable));
    else entry.resume();
  }
  return layers.reduce((sum, layer) => sum + (sizes.get(layer) ?? 0), 0);
}

/** A layer that the engine keeps compressed already is counted as it is. */
async function gzippedBytes(entry: Readable): Promise<number> {
  const gzip = createGzip();
  let first: Buffer | undefined;
  let raw = 0;
  let packed = 0;
  gzip.on('data', (chunk: Buffer) => {
    packed += chunk.length;
  });
  const ended = new Promise((resolve, reject) => gzip.on('end', resolve).on('error', reject));
  for await (const chunk of entry as AsyncIterable<Buffer>) {
    first ??= chunk;
    raw += chunk.length;
    if (!gzip.write(chunk)) await new Promise((resolve) => gzip.once('drain', resolve));
  }
  gzip.end();
  await ended;
  return isGzip(first) ? raw : packed;
}

function isGzip(chunk: Buffer | undefined): boolean {
  return chunk !== undefined && chunk[0] === 0x1f && chunk[1] === 0x8b;
}
