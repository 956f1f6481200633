import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { BENCH_RUN_LABEL } from '../../packages/runtime-kit/src/bench/machine/sweep.js';
import type { BenchSettings } from '../../packages/runtime-kit/src/bench/measure/bench.js';
import {
  type BenchResult,
  resultSchema,
} from '../../packages/runtime-kit/src/bench/report/schema.js';
import { summarize } from '../../packages/runtime-kit/src/bench/report/summarize.js';
import { runBench } from '../../packages/runtime-kit/src/bench/run.js';
import type { ScenarioName } from '../../packages/runtime-kit/src/bench/scenarios.js';
import { loadRepositoryCatalog } from '../../packages/runtime-kit/src/catalog/index.js';
import { engine, folderOf, ROOT, startKit, until } from './support.js';

const LANGUAGE = 'python';
const QUICK = { rounds: 1, durationS: 1, warmUpS: 1, starts: 1, workers: 1, paced: false };

/**
 * Right when it is asked once. `sometimes` lies to one request in fifty; `later` and `last` count
 * connections, and give a longer answer to those that come after the warm-up, or after the full load.
 */
const LIAR = `
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
connections, requests = count(), count()
right = {"later": 38, "last": 70}.get(os.environ["LIES"])
class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def setup(self):
        super().setup()
        self.late = right is not None and next(connections) > right
    def do_GET(self):
        body = b"hello world"
        if os.environ["LIES"] == "sometimes" and next(requests) % 50 == 49:
            body = b"hello_world"
        if self.late:
            body = b"hello world, again and again"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args):
        pass
class Server(ThreadingHTTPServer):
    request_queue_size = 128
Server(("0.0.0.0", 8080), Handler).serve_forever()
`;

const LIARS = ['sometimes', 'later', 'last'];

/** A repository with one language of ours, and with liars among its contenders. */
async function repositoryWithLiars(): Promise<string> {
  const { config } = await loadRepositoryCatalog(ROOT);
  const repository = await folderOf({ 'runtime-kit.config.yaml': stringify(config) });
  const folder = join(repository, 'images', LANGUAGE);
  for (const part of ['runtime.yaml', 'bench'])
    await cp(join(ROOT, 'images', LANGUAGE, part), join(folder, part), { recursive: true });
  const manifest = parse(await readFile(join(folder, 'bench/bench.yaml'), 'utf8'));
  const template = join(folder, 'bench/Dockerfile.template');
  const stages = LIARS.map(
    (lies) => `
FROM {{images.runtime}} AS ${lies}
COPY liar.py /app/
ENV LIES=${lies}
ENTRYPOINT ["/usr/bin/python{{version}}", "/app/liar.py"]
`,
  );
  await writeFile(join(folder, 'bench/liar.py'), LIAR);
  await writeFile(template, (await readFile(template, 'utf8')) + stages.join(''));
  for (const id of LIARS)
    manifest.contenders.push({ id, title: id, kind: 'peer', source: 'this test' });
  await writeFile(join(folder, 'bench/bench.yaml'), stringify(manifest));
  return repository;
}

async function benchAmongLiars(
  contenders: string[],
  settings: Partial<BenchSettings> = {},
  scenario: ScenarioName = 'hello',
): Promise<BenchResult> {
  const catalog = await loadRepositoryCatalog(await repositoryWithLiars());
  const result = await runBench({
    engine,
    catalog,
    variants: catalog.runtimes.flatMap(({ variants }) => variants.slice(0, 1)),
    settings: { ...QUICK, ...settings },
    scenarios: [scenario],
    contenders,
    compressedSizes: true,
    wait: true,
  });
  for (const { contender, image } of result.targets)
    if (LIARS.includes(contender)) await engine.images.remove(image.name);
  return result;
}

async function leftOvers(): Promise<string[]> {
  return [
    ...(await engine.containers.withLabel(BENCH_RUN_LABEL)),
    ...(await engine.volumes.withLabel(BENCH_RUN_LABEL)),
  ];
}

test('a run measures our image and a bare server, and voids what answers wrongly', async () => {
  const result = await benchAmongLiars(['wsgi', 'sometimes', 'later']);
  expect(resultSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);

  const run = (id: string) => result.loads.find(({ target }) => target.endsWith(`/${id}`));
  for (const id of ['ours', 'wsgi']) {
    const load = run(id);
    expect(load?.void, id).toBeUndefined();
    expect(load?.requests).toBeGreaterThan(0);
    expect(load?.cpuMicroseconds).toBeGreaterThan(0);
    expect(load?.latency?.p999).toBeGreaterThanOrEqual(load?.latency?.p50 ?? Number.NaN);
    expect(load?.idle?.residentBytes).toBeGreaterThan(2 ** 20);
    expect(load?.loaded?.workingSetBytes).toBeGreaterThan(2 ** 20);
  }
  expect(run('sometimes')?.void).toMatch(/^\d+ of \d+ answers were wrong while warming up$/);
  expect(run('later')?.void).toMatch(/^answers under load had [\d.]+ bytes on average/);

  const starts = result.starts.map(({ target, startMs }) => [target.split('/')[1], startMs]);
  expect(starts.map(([id]) => id)).toEqual(['ours', 'wsgi', 'sometimes', 'later', 'static']);
  for (const [, startMs] of starts) expect(startMs).toBeGreaterThan(0);
  const [ours] = result.targets;
  expect(ours?.image.compressedBytes).toBeGreaterThan(2 ** 20);
  expect(ours?.image.compressedBytes).toBeLessThan(ours?.image.sizeBytes ?? 0);

  const counted = summarize(result)[0]?.contenders.map(({ info, scenarios }) => [
    info.contender,
    scenarios[0]?.throughput?.count ?? 0,
  ]);
  expect(counted).toEqual([
    ['ours', 1],
    ['wsgi', 1],
    ['sometimes', 0],
    ['later', 0],
    ['static', 0],
  ]);
  expect(await leftOvers()).toEqual([]);
});

test('work is sent to our image with one worker and with two, on as many processors', async () => {
  const { targets, starts, loads } = await benchAmongLiars(['wsgi'], {}, 'work');
  const workers = Object.fromEntries(targets.map((target) => [target.key, target.workers]));
  expect(loads.map((load) => [workers[load.target], load.void])).toEqual([
    [1, undefined],
    [2, undefined],
  ]);
  for (const { serverCores } of loads) expect(serverCores).toBeGreaterThan(0.1);
  expect(starts.map(({ target }) => target.split('/')[1])).toEqual(['ours', 'wsgi', 'static']);
});

test('a server starts with hello, whatever it is loaded with', async () => {
  const { starts, loads } = await benchAmongLiars(['wsgi'], {}, 'wait');
  expect(starts.map((start) => start.void)).toEqual([undefined, undefined, undefined]);
  expect(loads.map((load) => [load.scenario, load.void])).toEqual([
    ['wait', undefined],
    ['wait', undefined],
  ]);
});

const { config } = await loadRepositoryCatalog(ROOT);
const oha = await engine.images.find(`${config.prefix}/bench-oha:trixie`);

test.skipIf(!oha)(
  'at half of the peak, too, where the tool for it is compiled already',
  async () => {
    const { loads } = await benchAmongLiars(['last'], { paced: true });
    const [ours, last] = loads;
    expect(ours?.void).toBeUndefined();
    expect(ours?.paced?.rate).toBe(Math.round((ours?.throughput ?? Number.NaN) / 2));
    expect(ours?.paced?.achieved).toBeGreaterThan(0);
    expect(ours?.paced?.latency.p99).toBeGreaterThanOrEqual(ours?.paced?.latency.p50 ?? Number.NaN);
    expect(last?.void).toMatch(/^answers at half of the peak had [\d.]+ bytes on average/);
  },
);

test('Ctrl-C in the middle of a run ends it and leaves nothing behind', async () => {
  const args = [
    'bench',
    LANGUAGE,
    '--quick',
    '--scenario',
    'hello',
    '--contender',
    'wsgi',
    '--wait',
  ];
  const running = startKit(args, ROOT);
  onTestFinished(() => running.interrupt());
  await until('a server has been measured', async () => running.output().includes('[1/'));
  running.interrupt();
  expect(await running.ended, running.output()).toBe(130);
  expect(running.output()).toContain('INTERRUPTED');
  expect(await leftOvers()).toEqual([]);
});
