import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { messageOf, RuntimeKitError } from '../errors.js';
import type { Credentials } from './credentials.js';

const answerSchema = z.object({ Username: z.string(), Secret: z.string() });
/** The user name by which helpers say that the secret is an identity token. */
const TOKEN = '<token>';
const PATIENCE_MS = 30_000;

/**
 * Asks `docker-credential-NAME get`: the server's name goes to its stdin, JSON comes from its stdout. What
 * it prints is in no error: it may hold the secret.
 *
 * @throws RuntimeKitError CREDENTIALS_UNREADABLE
 */
export async function askHelper(
  name: string,
  server: string,
  env: NodeJS.ProcessEnv,
): Promise<Credentials> {
  const program = `docker-credential-${name}`;
  const child = spawn(program, ['get'], {
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: PATIENCE_MS,
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  child.stdin.on('error', () => {}); // it need not read what it is asked
  child.stdin.end(server);
  const [code, output] = await Promise.all([ended, text(child.stdout)]).catch((error: unknown) => {
    throw unusable(program, messageOf(error), error);
  });
  if (code === 0) return parse(program, output);
  if (/credentials not found/i.test(output)) return {};
  throw unusable(program, `it ended with ${code ?? 'a signal'} for ${server}`, undefined);
}

function parse(program: string, output: string): Credentials {
  try {
    const { Username: username, Secret } = answerSchema.parse(JSON.parse(output));
    if (username === TOKEN) return { identityToken: Secret };
    return { username, password: Secret };
  } catch {
    // The cause would quote the answer, and with it the secret.
    throw unusable(program, 'its answer has no Username and Secret', undefined);
  }
}

function unusable(program: string, reason: string, cause: unknown): RuntimeKitError {
  return new RuntimeKitError('CREDENTIALS_UNREADABLE', `${program}: ${reason}`, {
    hint: "credHelpers or credsStore of Docker's config.json names it: install it, or run `docker login`",
    ...(cause === undefined ? {} : { cause }),
  });
}
