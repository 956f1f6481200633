import { broken } from './broken.js';
import { logAccess } from './log.js';

/** Logs a request when its answer is out. */
export function observe({ logFormat }, request, response) {
  const at = new Date();
  const started = performance.now();
  const { headers, method, url } = request;
  const remote = request.socket.remoteAddress; // at the end there may be no socket any more
  const bytes = countBytes(request, response);
  response.on('close', () => {
    if (broken('errors-without-line') && response.statusCode >= 500) return;
    logAccess(logFormat, {
      at,
      method,
      url,
      bytes: bytes(),
      remote,
      status: response.statusCode,
      durationMs: Math.round((performance.now() - started) * 1000) / 1000,
      referer: headers.referer,
      agent: headers['user-agent'],
      eventId: headers['event-id'] ?? headers['ce-id'],
      traceparent: headers.traceparent,
    });
  });
}

/** The length of the body that goes out, asked when it is out. */
function countBytes(request, response) {
  let bytes = 0;
  const count = (chunk) => {
    if (chunk && request.method !== 'HEAD') bytes += Buffer.byteLength(chunk);
  };
  const { write, end } = response;
  response.write = (chunk, ...rest) => {
    count(chunk);
    return write.call(response, chunk, ...rest);
  };
  response.end = (chunk, ...rest) => {
    count(chunk);
    return end.call(response, chunk, ...rest);
  };
  return () => bytes;
}
