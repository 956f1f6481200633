import { fetchFrom, NoAnswer } from '../../conformance/testing/http.js';
import type { Scenario } from '../scenarios.js';

export interface Checked {
  /** Why the answer is wrong; undefined where it is right. */
  problem: string | undefined;
  /** The answer's bytes, which the load tool then expects. */
  body: Buffer;
}

const LIMIT_MS = 20_000;

/** Sends a scenario's request once and holds the answer against what it must be. */
export async function checkAnswer(
  origin: string,
  { method, body, contentType, accepts }: Scenario,
): Promise<Checked> {
  try {
    const answer = await fetchFrom(origin, '/', {
      method,
      limitMs: LIMIT_MS,
      ...(body === undefined ? {} : { body }),
      ...(contentType === undefined ? {} : { headers: { 'content-type': contentType } }),
    });
    const shown = shorten(answer.text());
    if (answer.status !== 200)
      return { body: answer.body, problem: `status ${answer.status}: ${shown}` };
    if (!accepts(answer.body)) return { body: answer.body, problem: `wrong answer: ${shown}` };
    return { body: answer.body, problem: undefined };
  } catch (error) {
    if (error instanceof NoAnswer) return { body: Buffer.alloc(0), problem: error.message };
    throw error;
  }
}

function shorten(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 119)}…` : text);
}
