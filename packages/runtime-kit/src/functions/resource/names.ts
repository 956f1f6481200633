import { RuntimeKitError } from '../../errors.js';

/** A DNS label, which a function's service would be called by. */
const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** @throws RuntimeKitError USAGE where DNS would refuse the name */
export function checkName(name: string, what = 'name'): void {
  if (DNS_LABEL.test(name)) return;
  throw new RuntimeKitError('USAGE', `${what} "${name}" is no name that DNS takes`, {
    hint: `${suggestion(name)}lower-case letters, digits and dashes, at most 63, none at the ends`,
  });
}

function suggestion(name: string): string {
  const mended = name
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
  return mended === '' ? '' : `take ${mended}: `;
}

/** The two parts of `file.function`. */
export interface Handler {
  module: string;
  name: string;
}

/** @throws RuntimeKitError USAGE where it is not `FILE.FUNCTION` */
export function splitHandler(handler: string): Handler {
  const [module = '', name = '', ...rest] = handler.split('.');
  if (module !== '' && name !== '' && rest.length === 0 && !/[/\\]/.test(handler))
    return { module, name };
  throw new RuntimeKitError('USAGE', `handler "${handler}" is not FILE.FUNCTION`, {
    hint: `give the file without its suffix, a dot, and the function in it: --handler ${module || 'hello'}.${name || 'handler'}`,
  });
}
