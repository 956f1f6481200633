import { ApiException } from '@kubernetes/client-node';
import { messageOf, RuntimeKitError } from '../errors.js';

const UNAVAILABLE = [408, 429, 500, 502, 503, 504];

/**
 * The answer to a request; undefined where what it is about is not there.
 *
 * @throws RuntimeKitError CLUSTER_REFUSED, CLUSTER_UNREACHABLE, CONFIGMAP_MOVED
 */
export async function asked<Answer>(
  server: string,
  what: string,
  ask: () => Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ApiException && error.code === 404) return undefined;
    throw failureOf(server, what, error);
  }
}

function failureOf(server: string, what: string, error: unknown): RuntimeKitError {
  if (!(error instanceof ApiException))
    return new RuntimeKitError('CLUSTER_UNREACHABLE', `${server}: ${messageOf(error)}`, {
      hint: 'try whether `kubectl cluster-info` answers with the same kubeconfig and context',
      cause: error,
    });
  const message = `${what}: ${reasonOf(error)}`;
  if (error.code === 409)
    return new RuntimeKitError('CONFIGMAP_MOVED', message, {
      hint: 'somebody changed it since it was read: nothing was written, run the command again',
      cause: error,
    });
  if (UNAVAILABLE.includes(error.code))
    return new RuntimeKitError('CLUSTER_UNREACHABLE', message, { cause: error });
  return new RuntimeKitError('CLUSTER_REFUSED', message, {
    hint: 'try `kubectl auth can-i patch configmaps` with the same kubeconfig, context and namespace',
    cause: error,
  });
}

/** The API server's own words, which its Status has. */
function reasonOf({ code, body }: ApiException<unknown>): string {
  const status = typeof body === 'string' ? parsed(body) : body;
  const { message } = (status ?? {}) as { message?: string };
  return message ?? `the API server answered ${code}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
