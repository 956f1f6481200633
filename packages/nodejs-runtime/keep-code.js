/**
 * For the image: keeps what the server's programs compile until they have answered a few calls, beside each of
 * them. To be run by the Node.js that will run them.
 *
 * node keep-code.js FOLDER, where bundle.js has made them. They serve on FUNC_PORT, 8080 by default, meanwhile.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';

const SELF = fileURLToPath(import.meta.url);

const FUNCTION = "exports.handler = async ({ data }) => data ?? 'hello';\n";

const WITHIN_MS = 30_000;
const LOOK_AGAIN_MS = 20;

if (process.argv[1] === SELF) await keepCode(path.resolve(process.argv[2] ?? 'dist'));
else keepWhenAsked(process.env.KEEP_CODE_WHEN ?? '');

async function keepCode(folder) {
  const place = mkdtempSync(path.join(os.tmpdir(), 'keep-code-'));
  writeFileSync(path.join(place, 'function.js'), FUNCTION);
  const asked = path.join(place, 'now');
  const env = {
    ...process.env,
    MOD_ROOT_PATH: place,
    MOD_NAME: 'function',
    FUNC_HANDLER: 'handler',
    FUNC_WORKERS: '1',
    KEEP_CODE_WHEN: asked,
  };
  const server = spawn(process.execPath, [`--import=${SELF}`, path.join(folder, 'main.js')], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(server, 'exit');
  const origin = `http://127.0.0.1:${process.env.FUNC_PORT || 8080}`;
  try {
    await until('the server is healthy', () => {
      if (server.exitCode !== null) throw new Error(`the server has ended with ${server.exitCode}`);
      return isOk(`${origin}/healthz`);
    });
    await askALittle(origin);
    writeFileSync(asked, '');
    const programs = path.join(folder, 'programs');
    const names = readdirSync(programs).filter((name) => name.endsWith('.js'));
    for (const name of names) {
      const kept = path.join(programs, `${name}.code`);
      await until(`${kept} is there`, () => existsSync(kept));
      console.log(`${kept}: ${statSync(kept).size} bytes`);
    }
  } finally {
    server.kill();
    await ended;
    rmSync(place, { recursive: true });
  }
}

/** As callers and scrapers do. */
async function askALittle(origin) {
  const headers = { 'content-type': 'application/json' };
  for (const [target, options] of [
    ['/', {}],
    ['/', { method: 'POST', headers, body: '{"a": 1}' }],
    ['/metrics', {}],
  ])
    if (!(await isOk(origin + target, options)))
      throw new Error(`${target} was not answered with 200`);
}

async function isOk(url, options) {
  try {
    const answer = await fetch(url, options);
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    return false; // it does not listen yet
  }
}

async function until(what, isSo) {
  for (const end = Date.now() + WITHIN_MS; !(await isSo()); await sleep(LOOK_AGAIN_MS))
    if (Date.now() > end) throw new Error(`it never happened that ${what}`);
}

/** In the server: waits for the file `asked`, and then keeps what this process's program has compiled. */
function keepWhenAsked(asked) {
  vm.Script = class extends vm.Script {
    constructor(source, options) {
      super(source, options);
      const kept = `${options.filename}.code`;
      const timer = setInterval(() => {
        if (!existsSync(asked)) return;
        clearInterval(timer);
        writeFileSync(`${kept}.new`, this.createCachedData());
        renameSync(`${kept}.new`, kept); // whoever sees it sees all of it
      }, LOOK_AGAIN_MS);
      timer.unref();
    }
  };
}
