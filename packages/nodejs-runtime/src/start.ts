/**
 * Starts the program of this file's name in the folder `programs`. Node.js compiles a function when it is first
 * called, which is a tenth of the processor time of a start; where there is a file with what an earlier start has
 * compiled (keep-code.js), it is taken from there. V8 refuses code of another release or other flags, or of a
 * source of another length, and compiles as ever.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { constants, Script } from 'node:vm';

const BEFORE = '(function (require, __filename) {';

const file = path.join(path.dirname(__filename), 'programs', path.basename(__filename));
const cachedData = readIfThere(`${file}.code`);
const script = new Script(`${BEFORE}${readFileSync(file, 'utf8')}\n})`, {
  filename: file,
  columnOffset: -BEFORE.length,
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  ...(cachedData && { cachedData }),
});
script.runInThisContext()(require, __filename);

function readIfThere(name: string): Buffer | undefined {
  try {
    return readFileSync(name);
  } catch {
    return undefined; // it is only quicker with it
  }
}
