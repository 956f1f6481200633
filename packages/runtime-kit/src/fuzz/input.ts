/** What an input is about. */
export const GROUPS = ['http', 'framing', 'headers', 'json', 'cloudevents', 'multipart'] as const;

export type Group = (typeof GROUPS)[number];

/**
 * Which answers are right. A closed connection is right for all but `bad-json`, where the request is
 * well-formed HTTP.
 *
 * - `refusal`: 4xx. The request breaks HTTP in a way that no server may take for something else.
 * - `bad-json`: 400.
 * - `any`: every status below 500. Whether it is malformed at all is a matter of taste, or it reaches
 *   the function, which answers it.
 * - `function`: those, and 500 with the fixed body where the function itself failed over what it read.
 */
export type Right = 'refusal' | 'bad-json' | 'any' | 'function';

/** Bytes for one connection, and what may come back. */
export interface Input {
  group: Group;
  /** What is odd about it, for people. */
  shape: string;
  bytes: Buffer;
  right: Right;
  /** HTTP's own statuses that are right beside those: 501 for a coding, 505 for a version. */
  also?: number[];
  /** A server that knows where the request ends has all of it. Otherwise the client ends its side. */
  complete: boolean;
  /** No answer may begin with it: to say it, the server has taken a body for something else. */
  never?: string;
}
