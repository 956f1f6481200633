import { type ErrorCode, messageOf, RuntimeKitError } from '../errors.js';

/** What a registry, or the way to it, said no with. */
export class RegistryFailure extends RuntimeKitError {
  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; cause?: unknown } = {},
    /** How long the registry asks to be left alone. */
    readonly retryAfterMs = 0,
  ) {
    super(code, message, options);
  }
}

const LOGIN_HINT =
  '`docker login HOST` keeps credentials in the Docker config; DOCKER_CONFIG names another folder of it';
const TRUST_HINT =
  "name the registry's CA in SSL_CERT_FILE, NODE_EXTRA_CA_CERTS or trustedCa of runtime-kit.config.yaml; the engine has its own in /etc/docker/certs.d/HOST/ca.crt";
const UNREACHABLE_HINT = 'is it up, and is the name right? What was pushed already is kept';

/** An answer that is no success, by its status. */
export function failureOfStatus(
  subject: string,
  status: number,
  retryAfter: string | undefined,
  detail: string,
): RegistryFailure {
  const message = `${subject}: the registry answers ${status}${detail && `: ${detail}`}`;
  if (status === 401 || status === 403)
    return new RegistryFailure('REGISTRY_DENIED', message, { hint: LOGIN_HINT });
  if (status === 429 || status === 408 || status >= 500)
    return new RegistryFailure(
      'REGISTRY_UNREACHABLE',
      message,
      { hint: UNREACHABLE_HINT },
      milliseconds(retryAfter),
    );
  return new RegistryFailure('REGISTRY_REFUSED', message);
}

const CERTIFICATE =
  /^(?:CERT_|ERR_TLS_CERT|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_)/;

/** No answer at all. */
export function failureOfConnection(subject: string, error: unknown): RegistryFailure {
  const code = codeOf(error);
  const options = { cause: error };
  if (code !== undefined && CERTIFICATE.test(code))
    return new RegistryFailure(
      'REGISTRY_UNTRUSTED',
      `${subject}: its certificate is not trusted: ${messageOf(error)}`,
      { ...options, hint: TRUST_HINT },
    );
  const reason = messageOf(error) || code;
  return new RegistryFailure('REGISTRY_UNREACHABLE', `${subject}: no answer: ${reason}`, {
    ...options,
    hint: UNREACHABLE_HINT,
  });
}

/** What an engine reports of a push: of the registry's answer it passes on the text alone. */
export function failureOfPush(subject: string, text: string): RegistryFailure {
  const message = `${subject}: ${text}`;
  if (/x509|certificate|server gave HTTP response/i.test(text))
    return new RegistryFailure('REGISTRY_UNTRUSTED', message, { hint: TRUST_HINT });
  if (/unauthorized|denied|forbidden|no basic auth|authentication required/i.test(text))
    return new RegistryFailure('REGISTRY_DENIED', message, { hint: LOGIN_HINT });
  if (/\binvalid\b|unsupported|name unknown|not found|too large|quota/i.test(text))
    return new RegistryFailure('REGISTRY_REFUSED', message);
  return new RegistryFailure('REGISTRY_UNREACHABLE', message, { hint: UNREACHABLE_HINT });
}

/** The code of an error or of what lies behind it: of several addresses tried, the first's. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? codeOf(error.cause) : undefined;
}

/** Retry-After is in seconds, or a date. */
function milliseconds(retryAfter: string | undefined): number {
  if (retryAfter === undefined) return 0;
  const seconds = Number(retryAfter);
  const wait = Number.isNaN(seconds) ? Date.parse(retryAfter) - Date.now() : seconds * 1000;
  return Number.isFinite(wait) ? Math.max(wait, 0) : 0;
}
