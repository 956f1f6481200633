import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf, RuntimeKitError } from '../errors.js';
import { askHelper } from './credential-helper.js';

/** As `docker login` keeps them; empty where a registry asks for none. */
export interface Credentials {
  username?: string;
  password?: string;
  /** An OAuth refresh token, in the place of a password. */
  identityToken?: string;
  /** Sent as it is. */
  registryToken?: string;
}

/** What is ours of Docker's config.json; all else is its own business. */
const configSchema = z.object({
  auths: z
    .record(
      z.string(),
      z.object({
        auth: z.string().optional(),
        username: z.string().optional(),
        password: z.string().optional(),
        identitytoken: z.string().optional(),
        registrytoken: z.string().optional(),
      }),
    )
    .default({}),
  credHelpers: z.record(z.string(), z.string()).default({}),
  credsStore: z.string().optional(),
});

type Auth = z.infer<typeof configSchema>['auths'][string];

/**
 * What the Docker config (`DOCKER_CONFIG`, else ~/.docker) knows of a registry: from the helper that is
 * named for it, else from the store of all, else from the file itself.
 *
 * @throws RuntimeKitError CREDENTIALS_UNREADABLE
 */
export async function credentialsFor(
  host: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Credentials> {
  const file = join(env.DOCKER_CONFIG || join(homedir(), '.docker'), 'config.json');
  const { auths, credHelpers, credsStore } = await readConfig(file);
  const helper = credHelpers[host] ?? credsStore;
  if (helper !== undefined && helper !== '') return askHelper(helper, host, env);
  const entry = Object.entries(auths).find(([server]) => hostOf(server) === host)?.[1];
  return entry ? fromFile(entry, `${file}: auths: ${host}`) : {};
}

async function readConfig(file: string): Promise<z.infer<typeof configSchema>> {
  try {
    return configSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return configSchema.parse({});
    throw new RuntimeKitError('CREDENTIALS_UNREADABLE', `${file}: ${reason(error)}`, {
      hint: 'mend it, or write it anew by `docker login`',
      cause: error,
    });
  }
}

function reason(error: unknown): string {
  return error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
}

/** Logins of old wrote `https://HOST/v1/`. */
function hostOf(server: string): string {
  return server.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
}

function fromFile(entry: Auth, where: string): Credentials {
  const { auth, identitytoken, registrytoken } = entry;
  if (registrytoken) return { registryToken: registrytoken };
  if (identitytoken) return { identityToken: identitytoken };
  if (!auth) {
    const { username, password } = entry;
    return username && password ? { username, password } : {};
  }
  const [, username, password] = /^([^:]*):(.*)$/s.exec(decoded(auth)) ?? [];
  if (username && password !== undefined) return { username, password };
  throw new RuntimeKitError(
    'CREDENTIALS_UNREADABLE',
    `${where}: "auth" is no USER:PASSWORD in base64`,
    {
      hint: 'write it anew by `docker login`',
    },
  );
}

/** Docker pads passwords of old with zero bytes. */
function decoded(auth: string): string {
  return Buffer.from(auth, 'base64').toString().replace(/\0+$/, '');
}
