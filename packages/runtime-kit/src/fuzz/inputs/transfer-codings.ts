import fc from 'fast-check';
import { CRLF, HIDDEN, MARK, request, type Shape, TEXT } from './request.js';

const NO_CODINGS = [
  'xchunked',
  'chunked-',
  'identity, chunked-',
  'chunked, identity',
  'chunked;q=1',
  '"chunked"',
  'chunke',
  'chunked\x0b',
  'x',
  'chunked, gzip',
  '\x00chunked',
];

/** Neither reading of the body is right: the coding is none that the server can know. */
const badCoding: Shape = fc
  .tuple(fc.constantFrom(...NO_CODINGS), fc.boolean())
  .map(([coding, withLength]) => {
    const body = `0${CRLF}${CRLF}${HIDDEN}`;
    const length = withLength ? [`Content-Length: ${body.length}`] : [];
    return {
      shape: `transfer-encoding ${JSON.stringify(coding)}${withLength ? ' beside a content-length' : ''}`,
      bytes: request({ headers: TEXT, framing: [`Transfer-Encoding: ${coding}`, ...length], body }),
      right: 'refusal',
      also: [501],
      never: MARK,
      complete: false,
    };
  });

const oddCoding: Shape = fc
  .constantFrom(
    'Transfer-Encoding: CHUNKED',
    'Transfer-Encoding:chunked',
    'Transfer-Encoding: gzip, chunked',
    'Transfer-Encoding: chunked, chunked',
    'Transfer-Encoding: identity',
    'Transfer-Encoding: ',
    'Transfer-Encoding: ,',
    'Transfer-Encoding:\tchunked',
    'Transfer-Encoding: , chunked',
    'transfer-encoding: chunked\r\nTransfer-Encoding: chunked',
    'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity',
    'Transfer_Encoding: chunked',
    'Transfer-Encoding : chunked',
    'X: y\nTransfer-Encoding: chunked',
    'Transfer-Encoding:\r\n chunked',
  )
  .map((line) => ({
    shape: JSON.stringify(line),
    bytes: request({ headers: TEXT, framing: [line], body: `3${CRLF}abc${CRLF}0${CRLF}${CRLF}` }),
    right: 'any',
    also: [501],
    complete: false,
  }));

/**
 * Chunks win over a length. The connection should end then, but a server may also serve what stands
 * behind the chunks: it is a request by every reading that HTTP allows.
 */
const lengthAndChunks: Shape = fc.constantFrom('before', 'behind').map((where) => {
  const body = `3${CRLF}abc${CRLF}0${CRLF}${CRLF}${HIDDEN}`;
  const both = ['Transfer-Encoding: chunked', `Content-Length: ${body.length}`];
  return {
    shape: `chunks with a content-length ${where} them`,
    bytes: request({ headers: TEXT, framing: where === 'before' ? both.reverse() : both, body }),
    right: 'any',
    never: `3${CRLF}abc`,
    complete: false,
  };
});

const oldChunks: Shape = fc.constant({
  shape: 'chunks in HTTP/1.0',
  bytes: request({
    line: 'POST /echo HTTP/1.0',
    framing: ['Transfer-Encoding: chunked'],
    body: `3${CRLF}abc${CRLF}0${CRLF}${CRLF}`,
  }),
  right: 'any',
  also: [501],
  complete: false,
});

/** What a transfer-encoding can say. */
export const transferCodings: Shape = fc.oneof(
  { weight: 4, arbitrary: badCoding },
  { weight: 3, arbitrary: oddCoding },
  { weight: 2, arbitrary: lengthAndChunks },
  { weight: 1, arbitrary: oldChunks },
);
