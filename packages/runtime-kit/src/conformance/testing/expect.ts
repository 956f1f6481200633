import { isDeepStrictEqual } from 'node:util';
import type { Answer } from './http.js';

/** A case found the server at fault; the message says what was expected and what came. */
export class Failed extends Error {
  override name = 'Failed';
}

/** A limit of time was missed: by the server, or because the machine was busy with something else. */
export class TooLate extends Failed {
  override name = 'TooLate';
  readonly tooSlow = true;
}

export function inTime(condition: unknown, message: string): asserts condition {
  if (!condition) throw new TooLate(message);
}

export function fail(message: string): never {
  throw new Failed(message);
}

export function check(condition: unknown, message: string): asserts condition {
  if (!condition) fail(message);
}

/** Deep equality; `what` names the value in the message. */
export function equal(actual: unknown, expected: unknown, what: string): void {
  if (!isDeepStrictEqual(actual, expected))
    fail(`${what}: expected ${show(expected)}, got ${show(actual)}`);
}

export function contains(text: string, part: string | RegExp, what: string): void {
  const found = typeof part === 'string' ? text.includes(part) : part.test(text);
  if (!found) fail(`${what}: expected it to contain ${show(part)}, got ${show(text)}`);
}

export function lacks(text: string, part: string | RegExp, what: string): void {
  const found = typeof part === 'string' ? text.includes(part) : part.test(text);
  if (found) fail(`${what}: expected it not to contain ${show(part)}, got ${show(text)}`);
}

export interface ExpectedAnswer {
  status?: number;
  /** Media type, parameters included where they are given. */
  type?: string;
  text?: string;
  json?: unknown;
  bytes?: Uint8Array;
  headers?: Record<string, string>;
}

/** Compares those parts of an answer that are named. */
export function answers(answer: Answer, expected: ExpectedAnswer): void {
  const about = answer.request;
  if (expected.status !== undefined && answer.status !== expected.status)
    fail(
      `${about}: expected status ${expected.status}, got ${answer.status} ${show(answer.text())}`,
    );
  if (expected.type !== undefined) expectType(answer, expected.type);
  if (expected.text !== undefined) equal(answer.text(), expected.text, `body of ${about}`);
  if (expected.json !== undefined) equal(jsonOf(answer), expected.json, `JSON of ${about}`);
  if (expected.bytes !== undefined) expectBytes(answer, expected.bytes);
  for (const [name, value] of Object.entries(expected.headers ?? {}))
    equal(answer.header(name), value, `header ${name} of ${about}`);
  check(!answer.truncated, `${about}: the connection broke before the body was complete`);
}

/** The body as JSON. */
export function jsonOf(answer: Answer): unknown {
  try {
    return answer.json();
  } catch {
    return fail(`${answer.request}: expected JSON, got ${answer.status} ${show(answer.text())}`);
  }
}

/** The body as a JSON object. */
export function objectOf(answer: Answer): Record<string, unknown> {
  const value = jsonOf(answer);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  return fail(`${answer.request}: expected a JSON object, got ${show(value)}`);
}

function expectType(answer: Answer, type: string): void {
  const got = answer.header('content-type');
  const wanted = normalType(type);
  const seen = normalType(got ?? '');
  const same = wanted.includes(';') ? seen === wanted : seen.split(';')[0] === wanted;
  if (!same) fail(`${answer.request}: expected content type ${type}, got ${got ?? 'none'}`);
}

function normalType(type: string): string {
  return type.toLowerCase().replaceAll(/\s|"/g, '');
}

function expectBytes(answer: Answer, bytes: Uint8Array): void {
  const expected = Buffer.from(bytes);
  if (answer.body.equals(expected)) return;
  const at = [...expected].findIndex((byte, index) => answer.body[index] !== byte);
  const where = at === -1 ? expected.length : at;
  fail(
    `${answer.request}: expected ${expected.length} bytes, got ${answer.body.length}; the first difference is at ${where}`,
  );
}

const SHOWN = 400;

export function show(value: unknown): string {
  const text = value instanceof RegExp ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}… (${text.length} characters)` : text;
}
