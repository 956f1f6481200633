import { broken } from './broken.js';

/** What a server can do to a request before its function sees it. */
export function spoilRequest(request) {
  const { url, headers } = request;
  const [path] = url.split('?');
  if (broken('path-decoded')) request.url = url.replace(path, decodeURIComponent(path));
  if (broken('query-dropped') && path.includes('%')) request.url = path;
  if (broken('empty-parameters-lost')) request.url = url.replaceAll(/&\w+=(?=&|$)/g, '');
  if (broken('own-headers-lost'))
    for (const name of Object.keys(headers)) if (name.startsWith('x-')) delete headers[name];
}

/** What a server can do to an answer that its function makes itself. */
export function spoilOwnAnswer(response) {
  const { writeHead } = response;
  response.writeHead = (status, headers = {}) => {
    const cookies = headers['Set-Cookie'];
    if (broken('cookies-folded') && cookies) headers['Set-Cookie'] = cookies.join(', ');
    return writeHead.call(response, broken('own-status-lost') ? 200 : status, headers);
  };
  return () => {
    response.writeHead = writeHead;
  };
}
