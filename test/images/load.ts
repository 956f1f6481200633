import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';

/**
 * Calls a URL so often a second, half of the calls on connections that are kept, while work goes on; returns how
 * many there were and what went wrong.
 */
export async function underLoad(
  url: string,
  perSecond: number,
  work: () => Promise<unknown>,
): Promise<{ calls: number; failures: string[] }> {
  const agent = new Agent({ connections: 10 });
  const failures: string[] = [];
  const calls: Promise<void>[] = [];
  const stop = new AbortController();
  const pace = (async () => {
    while (!stop.signal.aborted) {
      calls.push(call(url, calls.length, agent).catch((error) => void failures.push(`${error}`)));
      await sleep(1000 / perSecond);
    }
  })();
  try {
    await work();
    await sleep(300);
  } finally {
    stop.abort();
    await pace;
    await Promise.all(calls);
    await agent.close();
  }
  return { calls: calls.length, failures };
}

async function call(url: string, index: number, agent: Agent): Promise<void> {
  const kept = index % 2 === 0;
  const { statusCode, body } = await request(url, {
    method: index % 3 === 0 ? 'POST' : 'GET',
    body: index % 3 === 0 ? 'x' : null,
    ...(kept ? { dispatcher: agent } : { reset: true }),
  });
  await body.text();
  if (statusCode !== 200) throw new Error(`status ${statusCode}`);
}
