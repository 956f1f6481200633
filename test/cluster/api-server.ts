import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppsV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import type { ClusterTools } from './tools.js';

/** A cluster that is nothing but its API: no nodes, no controllers. */
export interface ApiServer {
  core: CoreV1Api;
  apps: AppsV1Api;
  /** File with a context `admin`, which may do everything, and one `stranger`, which may do nothing. */
  kubeconfig: string;
  stop: () => Promise<void>;
}

const TOKENS = { admin: 'admin-token', stranger: 'stranger-token' };

export async function startApiServer({ apiServer, etcd }: ClusterTools): Promise<ApiServer> {
  const folder = await mkdtemp(join(tmpdir(), 'api-server-'));
  const [client, peer, port] = await Promise.all([freePort(), freePort(), freePort()]);
  const key = join(folder, 'sa.key');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await writeFile(
    join(folder, 'tokens.csv'),
    `${TOKENS.admin},admin,1,system:masters\n${TOKENS.stranger},stranger,2\n`,
  );
  const processes = [
    start(etcd, etcdFlags(folder, client, peer)),
    start(apiServer, apiServerFlags(folder, client, port, key)),
  ];
  const stop = async () => {
    await Promise.all(processes.map(({ child }) => end(child)));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const kubeconfig = join(folder, 'kubeconfig');
    await ready(port, folder);
    await writeFile(kubeconfig, await kubeconfigText(port, folder));
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const [core, apps] = [config.makeApiClient(CoreV1Api), config.makeApiClient(AppsV1Api)];
    return { core, apps, kubeconfig, stop };
  } catch (error) {
    const logs = processes.map(({ log }) => log().slice(-3000)).join('\n');
    await stop();
    throw new Error(`the API server does not start\n${logs}`, { cause: error });
  }
}

function etcdFlags(folder: string, client: number, peer: number): string[] {
  return [
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=http://127.0.0.1:${client}`,
    `--advertise-client-urls=http://127.0.0.1:${client}`,
    `--listen-peer-urls=http://127.0.0.1:${peer}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
    `--initial-cluster=default=http://127.0.0.1:${peer}`,
  ];
}

function apiServerFlags(folder: string, etcd: number, port: number, key: string): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${etcd}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--cert-dir=${folder}`,
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://api.example',
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
    '--service-cluster-ip-range=10.0.0.0/24',
  ];
}

function start(program: string, flags: string[]): { child: ChildProcess; log: () => string } {
  const child = spawn(program, flags, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      text = (text + chunk).slice(-100_000);
    });
  return { child, log: () => text };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await exit;
  clearTimeout(late);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}

const PATIENCE_MS = 120_000;

async function ready(port: number, folder: string): Promise<void> {
  for (const began = Date.now(); ; ) {
    try {
      const config = new KubeConfig();
      config.loadFromString(await kubeconfigText(port, folder));
      await config.makeApiClient(CoreV1Api).readNamespace({ name: 'default' });
      return;
    } catch (error) {
      if (Date.now() - began > PATIENCE_MS) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

/** The server makes its own certificate, and the CA of it. */
async function kubeconfigText(port: number, folder: string): Promise<string> {
  const ca = await readFile(join(folder, 'apiserver.crt'));
  const users = Object.entries(TOKENS);
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'test',
        cluster: {
          server: `https://127.0.0.1:${port}`,
          'certificate-authority-data': ca.toString('base64'),
        },
      },
    ],
    users: users.map(([name, token]) => ({ name, user: { token } })),
    contexts: users.map(([name]) => ({ name, context: { cluster: 'test', user: name } })),
    'current-context': 'admin',
  });
}
