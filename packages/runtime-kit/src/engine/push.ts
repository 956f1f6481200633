import type Docker from 'dockerode';
import { reasonOf, statusOf } from './status.js';

/** How an engine logs in to the registry that it pushes to; empty for one that asks for nothing. */
export interface PushLogin {
  serveraddress?: string;
  username?: string;
  password?: string;
  identitytoken?: string;
  registrytoken?: string;
}

/** The engine could not push. Of the registry's answer it passes on the text alone. */
export class PushError extends Error {
  override name = 'PushError';
}

interface PushLine {
  status?: string;
  aux?: { Digest?: string };
  errorDetail?: { message: string };
}

/**
 * Follows a push to its end; returns the manifest's digest as the registry knows it.
 *
 * @throws PushError
 */
export async function followPush(
  docker: Docker,
  begun: Promise<NodeJS.ReadableStream>,
): Promise<string> {
  const stream = await begun.catch((error: unknown) => {
    throw statusOf(error) === undefined ? error : new PushError(reasonOf(error));
  });
  const lines = await new Promise<PushLine[]>((resolve, reject) =>
    docker.modem.followProgress(stream, (error, all) =>
      error ? reject(new PushError(reasonOf(error))) : resolve(all as PushLine[]),
    ),
  );
  // A push that failed ends without an error, like a build.
  const failed = lines.find(({ errorDetail }) => errorDetail)?.errorDetail;
  if (failed) throw new PushError(failed.message);
  const digest = lines.findLast(({ aux }) => aux?.Digest)?.aux?.Digest;
  if (digest === undefined) throw new PushError('the engine ended the push without a digest: EOF');
  return digest;
}
