import fc, { type Arbitrary } from 'fast-check';
import type { Input } from '../input.js';

/** Inputs of one kind, before they belong to a group. */
export type Shape = Arbitrary<Omit<Input, 'group'>>;

export const CRLF = '\r\n';
/** Headers of a body that is text. */
export const TEXT = ['Content-Type: text/plain'];

/** A request that stands in what is the body of another one, and what its answer would say. */
export const MARK = 'smuggled-4711';
export const HIDDEN = `GET /id?id=${MARK} HTTP/1.1${CRLF}Host: fuzz.example${CRLF}${CRLF}`;

export interface Parts {
  line?: string;
  headers?: string[];
  body?: string | Uint8Array;
  /** Instead of a content-length that is right; `[]` for none. */
  framing?: string[];
}

/** A request's bytes; text is taken as latin1, a byte a character. */
export function request({ line = 'POST /echo HTTP/1.1', headers = [], body = '', framing }: Parts) {
  const content = typeof body === 'string' ? Buffer.from(body, 'latin1') : Buffer.from(body);
  const length = framing ?? (content.length > 0 ? [`Content-Length: ${content.length}`] : []);
  const head = [line, 'Host: fuzz.example', ...headers, ...length, '', ''].join(CRLF);
  return Buffer.concat([Buffer.from(head, 'latin1'), content]);
}

/** A list of words, written as text. */
export function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** Any bytes as latin1 text. */
export function bytesText(minLength: number, maxLength: number): Arbitrary<string> {
  return fc
    .uint8Array({ minLength, maxLength })
    .map((bytes) => Buffer.from(bytes).toString('latin1'));
}

/** Text of so many characters, most often short. */
export function longText(character: string, most: number): Arbitrary<string> {
  return fc
    .oneof(fc.integer({ min: 0, max: 64 }), fc.integer({ min: 0, max: most }))
    .map((length) => character.repeat(length));
}

type Mutation = {
  at: number;
  byte: number;
  kind: 'change' | 'insert' | 'delete' | 'repeat' | 'cut';
};

/** The bytes with a few mistakes in them. */
export function mutated(original: Uint8Array, most = 6): Arbitrary<Buffer> {
  const mutation: Arbitrary<Mutation> = fc.record({
    at: fc.nat(original.length),
    byte: fc.nat(255),
    kind: fc.constantFrom('change', 'insert', 'delete', 'repeat', 'cut'),
  });
  return fc
    .array(mutation, { minLength: 1, maxLength: most })
    .map((mutations) => mutations.reduce(mutate, Buffer.from(original)));
}

function mutate(bytes: Buffer, { at, byte, kind }: Mutation): Buffer {
  const before = bytes.subarray(0, at);
  switch (kind) {
    case 'change':
      return Buffer.concat([before, Buffer.from([byte]), bytes.subarray(at + 1)]);
    case 'insert':
      return Buffer.concat([before, Buffer.from([byte]), bytes.subarray(at)]);
    case 'delete':
      return Buffer.concat([before, bytes.subarray(at + 1)]);
    case 'repeat':
      return Buffer.concat([before, bytes.subarray(at, at + byte), bytes.subarray(at)]);
    case 'cut':
      return before;
  }
}
