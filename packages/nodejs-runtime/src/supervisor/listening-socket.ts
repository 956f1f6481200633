import net from 'node:net';
import { getSystemErrorName } from 'node:util';
import { ConfigError } from '../config.js';

/** A socket that is bound and not yet listening: connections are refused until a worker listens. */
export interface BoundSocket {
  close(): void;
}

/** What node:cluster itself binds a shared socket with; net has no documented way to only bind one. */
type CreateServerHandle = (address: string, port: number, family: 4 | 6) => BoundSocket | number;
const { _createServerHandle: createServerHandle } = net as unknown as {
  _createServerHandle: CreateServerHandle;
};

/**
 * Binds the port for all workers. They accept from this one socket themselves, so that a busy worker takes
 * no connection from a free one, and connections wait in it while a dead worker is replaced.
 *
 * @throws ConfigError where the port is taken or not allowed
 */
export function bindSocket(port: number): BoundSocket {
  const socket = createServerHandle('::', port, 6);
  const bound = typeof socket === 'number' ? createServerHandle('0.0.0.0', port, 4) : socket;
  if (typeof bound !== 'number') return bound;
  throw new ConfigError(
    `runtime-kit: FUNC_PORT is "${port}": the server cannot listen there (${getSystemErrorName(bound)}); set it to a free port`,
  );
}
