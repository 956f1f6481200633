import { createRequire } from 'node:module';

/**
 * What the server uses of node:http. An `import` reads every export of a built-in module, and reading `WebSocket`
 * loads a whole HTTP client: half of the processor time that a process of the server took to start.
 */
export const { createServer, IncomingMessage, ServerResponse, STATUS_CODES, validateHeaderValue } =
  createRequire(import.meta.url)('node:http') as typeof import('node:http');
