import fc from 'fast-check';
import { chunks } from './chunks.js';
import { contentLengths } from './content-lengths.js';
import { bytesText, CRLF, request, type Shape, TEXT } from './request.js';
import { transferCodings } from './transfer-codings.js';

/** Headers that are between this server and this client alone, or say what was done to the body. */
const OTHERS = [
  'Expect: 100-continue',
  'Expect: 200-ok',
  'Expect: ',
  'Upgrade: websocket\r\nConnection: Upgrade',
  'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__',
  'Connection: close, keep-alive',
  'Connection: \x00',
  'Connection: Content-Length',
  'Content-Encoding: gzip',
  'Content-Encoding: br',
  'Content-Encoding: deflate',
  'Content-Encoding: x-none',
  'Content-Encoding: gzip, gzip',
  'Keep-Alive: timeout=-1',
  'TE: trailers',
  'Trailer: Content-Length',
  'Max-Forwards: 0',
  'Range: bytes=0-0',
];

const between: Shape = fc
  .tuple(fc.constantFrom(...OTHERS), bytesText(1, 60))
  .map(([line, body]) => ({
    shape: line.split(CRLF)[0] ?? line,
    bytes: request({ headers: [...TEXT, line], body }),
    right: 'any',
    complete: false,
  }));

/** Where a body begins and ends. */
export const framing: Shape = fc.oneof(
  { weight: 12, arbitrary: contentLengths },
  { weight: 10, arbitrary: transferCodings },
  { weight: 8, arbitrary: chunks },
  { weight: 4, arbitrary: between },
);
