const PROGRAM = `
import path from 'node:path';
import vm from 'node:vm';

vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options);
    const taken = this.cachedDataRejected === undefined ? 'none' : !this.cachedDataRejected;
    console.error(path.basename(options.filename), taken);
  }
};`;

/** An option of Node.js with which the server says of each program whether V8 took the code that was kept of it. */
export const TELL_CODE = `--import=data:text/javascript,${encodeURIComponent(PROGRAM)}`;

/** What it said: `main.js true` or `false`, or `none` where no code was kept. */
export function programsIn(log: string): string[] {
  return log.split('\n').filter((line) => /^\w+\.js \w+$/.test(line));
}
