import { Agent, interceptors, request } from 'undici';
import { messageOf, RuntimeKitError } from '../../errors.js';

const MIB = 2 ** 20;
const MAX_BYTES = 50 * MIB;
const LIMIT_MS = 30_000;
const MAX_REDIRECTS = 5;

/**
 * What a URL answers, redirects followed.
 *
 * @throws RuntimeKitError DOWNLOAD_FAILED where it may answer later, FUNCTION_INVALID where it will not
 */
export async function download(url: string, signal?: AbortSignal): Promise<Buffer> {
  const dispatcher = new Agent({ connectTimeout: LIMIT_MS }).compose(
    interceptors.redirect({ maxRedirections: MAX_REDIRECTS }),
  );
  const limit = AbortSignal.timeout(LIMIT_MS);
  try {
    const signals = signal ? [signal, limit] : [limit];
    const answer = await request(url, { dispatcher, signal: AbortSignal.any(signals) });
    if (answer.statusCode !== 200) throw await badStatus(url, answer.statusCode);
    return await readBody(url, answer.body);
  } catch (error) {
    if (error instanceof RuntimeKitError) throw error;
    if (signal?.aborted) throw new RuntimeKitError('INTERRUPTED', 'the download was interrupted');
    throw unreachable(
      url,
      limit.aborted ? `no answer in ${LIMIT_MS / 1000} s` : reasonOf(error),
      error,
    );
  } finally {
    await dispatcher.destroy();
  }
}

async function readBody(url: string, body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_BYTES)
      throw new RuntimeKitError(
        'FUNCTION_INVALID',
        `${url} holds more than ${MAX_BYTES / MIB} MiB`,
        {
          hint: 'leave out what the function does not need, or put it into an image: --runtime-image',
        },
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function badStatus(url: string, status: number): RuntimeKitError {
  if (status >= 500 || status === 429) return unreachable(url, `status ${status}`);
  return new RuntimeKitError('FUNCTION_INVALID', `${url} answered with status ${status}`, {
    hint: 'check the address: it must answer 200 without a login',
  });
}

function unreachable(url: string, reason: string, cause?: unknown): RuntimeKitError {
  return new RuntimeKitError('DOWNLOAD_FAILED', `${url} cannot be fetched: ${reason}`, {
    hint: 'check the address and the network; a file works without either: --from-file FILE',
    cause,
  });
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return messageOf(cause) || String((cause as NodeJS.ErrnoException).code ?? cause);
}
