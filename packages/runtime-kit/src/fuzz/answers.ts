/** An answer on a bare connection. */
export interface RawAnswer {
  status: number;
  headers: Map<string, string>;
  body: string;
  /** The connection ended before the body did. */
  incomplete: boolean;
}

export interface Answers {
  answers: RawAnswer[];
  /** What came and is no answer; empty where all was HTTP. */
  garbage: string;
}

const STATUS_LINE = /^HTTP\/1\.[01] (\d{3})(?: [^\r\n]*)?\r\n/;

/** Takes apart what a connection gave; text is latin1. Interim answers (100 Continue) are left out. */
export function readAnswers(text: string): Answers {
  const answers: RawAnswer[] = [];
  let rest = text;
  while (rest !== '') {
    const line = STATUS_LINE.exec(rest);
    const end = rest.indexOf('\r\n\r\n');
    // A head that has begun well may still be on its way.
    if (!line) return { answers, garbage: 'HTTP/1.'.startsWith(rest.slice(0, 7)) ? '' : rest };
    if (end === -1) return { answers, garbage: '' };
    const headers = headersOf(rest.slice(line[0].length, end));
    const status = Number(line[1]);
    const { body, left, incomplete } = bodyOf(status, headers, rest.slice(end + 4));
    if (status >= 200) answers.push({ status, headers, body, incomplete });
    rest = left;
  }
  return { answers, garbage: '' };
}

function headersOf(lines: string): Map<string, string> {
  const pairs = lines.split('\r\n').map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return new Map(pairs);
}

interface Body {
  body: string;
  left: string;
  incomplete: boolean;
}

function bodyOf(status: number, headers: Map<string, string>, text: string): Body {
  if (status < 200 || status === 204 || status === 304)
    return { body: '', left: text, incomplete: false };
  if (headers.get('transfer-encoding')?.toLowerCase() === 'chunked') return chunks(text);
  const length = headers.get('content-length');
  if (length === undefined) return { body: text, left: '', incomplete: false };
  const size = Number(length);
  return { body: text.slice(0, size), left: text.slice(size), incomplete: text.length < size };
}

function chunks(text: string): Body {
  let body = '';
  let left = text;
  for (;;) {
    const [line, size] = /^([0-9a-f]+)[^\r\n]*\r\n/i.exec(left) ?? [];
    if (line === undefined || size === undefined) return { body, left: '', incomplete: true };
    const length = Number.parseInt(size, 16);
    const start = line.length;
    if (length === 0) {
      const end = left.indexOf('\r\n', start);
      return { body, left: end === -1 ? '' : left.slice(end + 2), incomplete: end === -1 };
    }
    body += left.slice(start, start + length);
    left = left.slice(start + length + 2);
  }
}
