import { once } from 'node:events';
import { beforeAll, expect, test } from 'vitest';
import { bundlePrograms, functionFolder } from './programs.js';
import { ask } from './serve.js';
import { startWorker } from './worker.js';

let programs: string;
beforeAll(() => {
  programs = bundlePrograms();
});

async function start(source: string) {
  const worker = await startWorker(programs, { MOD_ROOT_PATH: functionFolder(source) });
  return { ...worker, get: (path: string) => ask(worker.port, { path }) };
}

test("a function that removes all of the process's listeners leaves the server's", async () => {
  const { child, get, lines } = await start(`
    exports.handler = ({ extensions: { request } }) => {
      process.removeAllListeners();
      process.on('own', () => {}).removeAllListeners('message');
      if (request.path === '/background') setImmediate(() => { throw new Error('background'); });
      return String(process.listenerCount('own'));
    };`);
  expect((await get('/')).body.toString()).toBe('1');
  expect((await get('/background')).status).toBe(200);
  child.kill('SIGTERM'); // the supervisor says when a worker ends
  const scrape = once(child, 'message');
  const page = get('/metrics');
  const [{ 'runtime-kit': asked }] = await scrape;
  expect(asked.type).toBe('scrape');
  const reply = { type: 'page', id: asked.id, page: { contentType: 'text/plain', text: 'a page' } };
  child.send({ 'runtime-kit': reply });
  expect((await page).body.toString()).toBe('a page');
  child.send({ 'runtime-kit': { type: 'stop' } });
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(lines().split('\n')).toHaveLength(3);
});

test("a function's threads can be started with the options of its process", async () => {
  const { get } = await start(`
    const { Worker } = require('node:worker_threads');
    exports.handler = () => {
      const options = { eval: true, execArgv: process.execArgv };
      const thread = new Worker("require('node:worker_threads').parentPort.postMessage('hello')", options);
      return new Promise((resolve, reject) => thread.on('message', resolve).on('error', reject));
    };`);
  expect((await get('/')).body.toString()).toBe('hello');
});

test('a function that closes stdout and stderr loses no access line', async () => {
  const { child, get, lines } = await start(`
    exports.handler = () => {
      process.stdout.end();
      process.stderr.destroy();
      try { require('node:fs').closeSync(1); } catch {}
      return 'closed';
    };`);
  for (const path of ['/first', '/second']) expect((await get(path)).status).toBe(200);
  await expect.poll(lines).toMatch(/"GET \/first HTTP.*\n.*"GET \/second HTTP.*\n$/);
  child.disconnect();
  await once(child, 'exit');
});

test('a function that closes the file of its counts is answered, and has its worker replaced', async () => {
  const { child, get } = await start(`
    exports.handler = () => {
      for (let fd = 5; fd < 6; fd++) try { require('node:fs').closeSync(fd); } catch {}
      return 'closed';
    };`);
  const reports = (child.stdio as unknown[])[4] as AsyncIterable<Buffer>;
  expect((await get('/')).status).toBe(200);
  expect((await get('/')).status).toBe(200);
  for await (const report of reports) {
    expect(report.toString()).toBe('w');
    break;
  }
  child.disconnect();
  await once(child, 'exit');
});

test('what most functions never use is loaded when it is used', async () => {
  const { child, get } = await start(`
    exports.handler = ({ extensions: { request, response } }) => {
      if (request.path === '/') return String(process.moduleLoadList.includes('NativeModule crypto'));
      response.type('svg').send('<svg/>'); // by the media type of svg, with an ETag
    };`);
  expect((await get('/')).body.toString()).toBe('false');
  const { headers } = await get('/svg');
  expect(headers).toMatchObject({ 'content-type': 'image/svg+xml; charset=utf-8' });
  expect(headers.etag).toMatch(/^W\/"6-/);
  expect((await get('/')).body.toString()).toBe('true');
  child.disconnect();
  await once(child, 'exit');
});
