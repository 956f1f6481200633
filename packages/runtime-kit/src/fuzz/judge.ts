import { show } from '../conformance/testing/expect.js';
import type { RawAnswer } from './answers.js';
import type { Exchange } from './exchange.js';
import type { Input } from './input.js';

const FAILED_BODY = 'Internal Server Error';
/** An absolute path of two folders and a file, or a line number behind a file's name. */
const INSIDES = /(?:\/[\w.@-]+){2,}\.\w+|\.\w{1,4}:\d+/;

/** What is wrong with what came back; undefined where it is right. */
export function problemOf(input: Input, exchange: Exchange): string | undefined {
  const { answers, garbage, closed, hung, refused } = exchange;
  if (refused) return 'the server accepted no connection';
  if (hung) return 'neither an answer nor an end of the connection within 10 s';
  if (garbage !== '') return `what came is no HTTP: ${shown(garbage)}`;
  const [first] = answers;
  if (!first)
    return input.right === 'bad-json' && closed ? 'the connection was closed, not 400' : undefined;
  const wrong = answers.find((answer, index) => !isRight(input, answer, index));
  if (wrong) return `status ${wrong.status} ${shown(wrong.body)}, ${WANTED[input.right]}`;
  const { never } = input;
  if (never !== undefined && answers.some(({ body }) => body.startsWith(never)))
    return `the body was taken for something else: ${shown(never)}`;
  const leak = answers.find(({ status, body }) => status >= 400 && INSIDES.test(body));
  return leak && `the answer tells of the server's insides: ${shown(leak.body)}`;
}

const WANTED: Record<Input['right'], string> = {
  refusal: 'where 4xx or a closed connection is right',
  'bad-json': 'where 400 is right',
  any: 'where every status below 500 is right',
  function: 'where every status below 500 is right, and 500 where the function failed',
};

/** Only the first answer is to the input's request; others are to what a server finds behind it. */
function isRight({ right, also = [] }: Input, { status, body }: RawAnswer, index: number): boolean {
  if (also.includes(status)) return true;
  if (index > 0) return status < 500;
  switch (right) {
    case 'refusal':
      return status >= 400 && status < 500;
    case 'bad-json':
      return status === 400;
    case 'any':
      return status < 500;
    case 'function':
      return status < 500 || (status === 500 && body === FAILED_BODY);
  }
}

/** Whether the function failed over the input. */
export function hasFailed({ answers }: Exchange): boolean {
  return answers.some(({ status }) => status === 500);
}

function shown(latin1: string): string {
  return show(Buffer.from(latin1, 'latin1').toString());
}
