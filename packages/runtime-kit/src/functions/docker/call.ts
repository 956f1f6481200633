import { randomBytes } from 'node:crypto';
import { type Answer, fetchFrom, NoAnswer } from '../../conformance/testing/http.js';
import { RuntimeKitError } from '../../errors.js';
import type { DeployedFunction } from './list.js';

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';
const EVENT_SOURCE = 'cli.kubeless.io';
const TIMEOUT = 408;
/** The server's own limit comes first; this is for one that has none. */
const GRACE_SECONDS = 30;

/**
 * Calls a function as Kubeless's command line does: POST with data, else GET, and the headers of an event.
 *
 * @throws RuntimeKitError CALL_FAILED
 */
export async function callFunction(
  { name, url, resource }: DeployedFunction,
  data = '',
): Promise<Answer> {
  const seconds = Number(resource?.spec.timeout ?? 180) + GRACE_SECONDS;
  const request = {
    method: data === '' ? 'GET' : 'POST',
    headers: eventHeaders(data, new Date()),
    ...(data === '' ? {} : { body: data }),
    limitMs: seconds * 1000,
  };
  const answer = await fetchFrom(url, '/', request).catch((error: unknown) => {
    if (!(error instanceof NoAnswer)) throw error;
    throw new RuntimeKitError('CALL_FAILED', `${name} does not answer: ${error.message}`, {
      hint: `\`kubeless function describe ${name}\` and \`kubeless function logs ${name}\` say why`,
      cause: error,
    });
  });
  if (answer.status < 400) return answer;
  throw callFailed(name, answer);
}

/** The headers of an event that a person sends, in Kubeless's words. */
export function eventHeaders(data: string, time: Date): Record<string, string> {
  const type = isJsonObject(data) ? JSON_TYPE : FORM_TYPE;
  return {
    'event-id': randomBytes(8).toString('base64url'),
    'event-time': goTime(time),
    'event-namespace': EVENT_SOURCE,
    ...(data === '' ? {} : { 'content-type': type, 'event-type': type }),
  };
}

function callFailed(name: string, answer: Answer): RuntimeKitError {
  if (answer.status === TIMEOUT)
    return new RuntimeKitError('CALL_FAILED', 'Request timeout exceeded', {
      hint: `give it more seconds: \`kubeless function update ${name} --timeout SECONDS\``,
    });
  const body = answer.text().trim();
  return new RuntimeKitError(
    'CALL_FAILED',
    `${name} answers with status ${answer.status}${body && `: ${body}`}`,
    { hint: `\`kubeless function logs ${name}\` says why` },
  );
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** As Go prints a time: `2009-11-10 23:00:00.123 +0000 UTC`. */
function goTime(time: Date): string {
  return `${time.toISOString().slice(0, -1).replace('T', ' ')} +0000 UTC`;
}
