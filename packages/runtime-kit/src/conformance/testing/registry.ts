import { request } from 'undici';

const ANSWER_WITHIN_MS = 10_000;

const asked = new Map<string, Promise<boolean>>();

/** Whether something answers there, whatever it answers; asked once a run. */
export function isReachable(url: string): Promise<boolean> {
  const known = asked.get(url) ?? ask(url);
  asked.set(url, known);
  return known;
}

async function ask(url: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const { body } = await request(url, { method: 'HEAD', signal });
    await body.dump();
    return true;
  } catch {
    return false;
  }
}
