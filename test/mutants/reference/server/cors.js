import { broken } from './broken.js';

const METHODS = 'GET,HEAD,PUT,PATCH,POST,DELETE';

/** Sets what browsers ask for; true where the request was a preflight and is answered. */
export function handleCors({ corsOrigin }, request, response) {
  if (corsOrigin === 'off' && !broken('cors-never-off')) return false;
  response.setHeader('Access-Control-Allow-Origin', broken('cors-origin-fixed') ? '*' : corsOrigin);
  const asked = request.headers['access-control-request-method'];
  const preflight =
    request.method === 'OPTIONS' && (asked !== undefined || broken('options-swallowed'));
  if (!preflight && broken('no-cors')) response.removeHeader('Access-Control-Allow-Origin');
  if (!preflight) return false;
  const headers = request.headers['access-control-request-headers'];
  response.setHeader('Access-Control-Allow-Methods', METHODS);
  if (headers && !broken('preflight-without-headers'))
    response.setHeader('Access-Control-Allow-Headers', headers);
  response.writeHead(broken('preflight-200') ? 200 : 204).end();
  return true;
}
