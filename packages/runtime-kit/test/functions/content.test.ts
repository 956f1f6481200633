import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ZipFile } from 'yazl';
import { packFiles } from '../../src/engine/index.js';
import { readSource } from '../../src/functions/content/source.js';
import { unpackTar } from '../../src/functions/content/tar.js';
import { unpackContent } from '../../src/functions/content/unpack.js';
import { Unpacked } from '../../src/functions/content/unpacked.js';
import { unpackZip } from '../../src/functions/content/zip.js';
import type { FunctionSpec } from '../../src/functions/resource/schema.js';
import { folderOf } from '../support/toy.js';
import { TARS } from './archives.js';

const FILES = { 'hello.toy': 'hello\n', 'lib/words.toy': 'words\n' };

async function zipOf(files: Record<string, string>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [path, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), path);
  zip.end();
  return buffer(zip.outputStream as Readable);
}

/** Replaces a path by one of the same length, where no packer would write it. */
function renamed(archive: Buffer, from: string, to: string): Buffer {
  return Buffer.from(archive.toString('latin1').replaceAll(from, to), 'latin1');
}

async function unpacked(
  bytes: Buffer,
  kind: 'zip' | 'tar',
  limits = { bytes: 1000, files: 3 },
): Promise<Record<string, string>> {
  const into = new Unpacked(`the ${kind}`, limits);
  await (kind === 'zip' ? unpackZip : unpackTar)(bytes, into);
  return Object.fromEntries(into.all().map(({ path, content }) => [path, String(content)]));
}

function specOf(spec: Partial<FunctionSpec>): FunctionSpec {
  return {
    handler: 'hello.handler',
    function: '',
    'function-content-type': 'text',
    checksum: '',
    runtime: 'toy1.10',
    timeout: '180',
    deps: '',
    ...spec,
  };
}

describe('an archive', () => {
  test('is unpacked from zip', async () => {
    expect(await unpacked(await zipOf(FILES), 'zip')).toEqual(FILES);
  });

  test.each(['gz', 'bz2', 'xz'] as const)('is unpacked from tar.%s', async (kind) => {
    expect(await unpacked(Buffer.from(TARS[kind], 'base64'), 'tar')).toEqual(FILES);
  });

  test('keeps what can be executed', async () => {
    const into = new Unpacked('the tar');
    await unpackTar(await buffer(packFiles([{ path: 'run', content: '', mode: 0o755 }])), into);
    expect(into.all()).toMatchObject([{ path: 'run', mode: 0o755 }]);
  });

  test.each([
    ['../../evil', 'aa/bb/evil'],
    ['/etc/passwd', 'setc/passwd'],
    ['..\\..\\evil', 'aa-bb-evil-'.slice(0, 10)],
  ])('with the path %s is refused', async (evil, innocent) => {
    const zip = renamed(await zipOf({ [innocent]: 'x' }), innocent, evil);
    await expect(unpacked(zip, 'zip')).rejects.toThrow(
      /the zip: .*leads out of|invalid relative path|absolute path|invalid characters/,
    );
    const archive = pack();
    archive.entry({ name: evil }, 'x');
    archive.finalize();
    await expect(unpacked(await buffer(archive), 'tar')).rejects.toThrow(
      "leads out of the function's folder",
    );
  });

  test('with a link is refused', async () => {
    const tar = await buffer(packFiles([{ path: 'out', link: '/etc' }]));
    await expect(unpacked(tar, 'tar')).rejects.toThrow('out is a link');
  });

  test.each(['zip', 'tar'] as const)('that is a bomb is refused: %s', async (kind) => {
    const files = { big: '0'.repeat(1001) };
    const entries = Object.entries(files).map(([path, content]) => ({ path, content }));
    const bytes = kind === 'zip' ? await zipOf(files) : await buffer(packFiles(entries));
    await expect(unpacked(bytes, kind)).rejects.toThrow(/unpacks to more than/);
  });

  test('with too many files is refused', async () => {
    const zip = await zipOf({ a: '', b: '', c: '', d: '' });
    await expect(unpacked(zip, 'zip')).rejects.toThrow('holds more than 3 files');
  });

  test.each(['zip', 'tar'] as const)('that is none is refused: %s', async (kind) => {
    await expect(unpacked(Buffer.from('nothing of the kind'.repeat(40)), kind)).rejects.toThrow(
      /it is no (zip file|tar archive)|it holds no file/,
    );
  });

  test.each(['gz', 'bz2', 'xz'] as const)('that ends early is refused: tar.%s', async (kind) => {
    const half = Buffer.from(TARS[kind], 'base64').subarray(0, 60);
    await expect(unpacked(half, 'tar')).rejects.toThrow('it is no tar archive');
  });
});

describe('a source', () => {
  test('of text is the text with its checksum', async () => {
    const folder = await folderOf(FILES);
    expect(await readSource(join(folder, 'hello.toy'))).toEqual({
      function: 'hello\n',
      'function-content-type': 'text',
      checksum: 'sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03',
    });
  });

  test('that is an archive comes back file by file', async () => {
    const folder = await folderOf({});
    const file = join(folder, 'all.zip');
    await writeFile(file, await zipOf(FILES));
    const source = await readSource(file);
    expect(source['function-content-type']).toBe('base64+zip');
    const content = await unpackContent(specOf(source));
    expect('files' in content && content.files.map(({ path }) => path)).toEqual(Object.keys(FILES));
  });

  test('that a cluster would not take is refused', async () => {
    const folder = await folderOf({ 'big.toy': 'x'.repeat(2 ** 20 + 1) });
    await expect(readSource(join(folder, 'big.toy'))).rejects.toThrow('no more than 1 MiB');
  });

  test('that is not there, a folder or empty is refused', async () => {
    const folder = await folderOf({ 'empty.toy': '' });
    await expect(readSource(join(folder, 'none.toy'))).rejects.toThrow('none.toy is not there');
    await expect(readSource(folder)).rejects.toMatchObject({
      hint: expect.stringContaining('zip -r'),
    });
    await expect(readSource(join(folder, 'empty.toy'))).rejects.toThrow('is empty');
  });

  test('whose content was changed is refused', async () => {
    const spec = specOf({ function: 'hello', checksum: `sha256:${'0'.repeat(64)}` });
    await expect(unpackContent(spec)).rejects.toThrow('not what the checksum says');
  });
});

describe('a URL', () => {
  async function serve(status: number, body: Buffer | string, location?: string): Promise<string> {
    const server = createServer((request, response) => {
      if (location !== undefined && request.url !== location)
        response.writeHead(302, { location }).end();
      else response.writeHead(status).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test('is fetched, redirects followed, and checked', async () => {
    const origin = await serve(200, await zipOf(FILES), '/there.zip');
    const source = await readSource(`${origin}/all.zip`);
    expect(source).toMatchObject({
      function: `${origin}/all.zip`,
      'function-content-type': 'url+zip',
    });
    expect(await unpackContent(specOf(source))).toMatchObject({ files: [{}, {}] });
  });

  test('that is wrong exits with 1, one that does not answer with 75', async () => {
    const missing = readSource(`${await serve(404, '')}/hello.toy`);
    await expect(missing).rejects.toMatchObject({ code: 'FUNCTION_INVALID' });
    await expect(missing).rejects.toThrow('status 404');
    const silent = readSource('http://127.0.0.1:1/hello.toy');
    await expect(silent).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' });
    await expect(silent).rejects.toThrow('cannot be fetched: connect ECONNREFUSED');
  });
});
