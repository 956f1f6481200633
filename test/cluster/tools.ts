import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Programs of an API server: absolute paths. */
export interface ClusterTools {
  apiServer: string;
  etcd: string;
}

const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'runtime-kit');
const UNPACKED_ETCD = join(import.meta.dirname, '../../.runtime-kit/tools/etcd/usr/bin/etcd');

/** Where `prepare` has put them. */
export async function findTools(): Promise<ClusterTools> {
  const [apiServer, etcd] = await Promise.all([apiServerFile(), etcdFile()]);
  for (const file of [apiServer, etcd])
    if (!existsSync(file)) throw new Error(`${file} is missing: run test/cluster/prepare`);
  return { apiServer, etcd };
}

async function apiServerFile(): Promise<string> {
  const text = await readFile(join(import.meta.dirname, 'go.mod'), 'utf8');
  const [, version] = /^require k8s\.io\/kubernetes (v\S+)/m.exec(text) ?? [];
  return join(CACHE, `kube-apiserver-${version}`);
}

async function etcdFile(): Promise<string> {
  if (existsSync(UNPACKED_ETCD)) return UNPACKED_ETCD;
  const found = await promisify(execFile)('sh', ['-c', 'command -v etcd']).catch(() => undefined);
  return found?.stdout.trim() ?? UNPACKED_ETCD;
}
