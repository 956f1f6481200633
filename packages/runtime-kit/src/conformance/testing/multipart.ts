import { randomBytes } from 'node:crypto';

export interface Part {
  field: string;
  content: string | Uint8Array;
  /** Makes it a file. */
  filename?: string;
  type?: string;
}

/** A multipart/form-data body with the headers that go with it. */
export function multipart(parts: Part[]): { headers: Record<string, string>; body: Buffer } {
  const boundary = `part-${randomBytes(12).toString('hex')}`;
  const pieces = parts.flatMap(({ field, content, filename, type }) => {
    const name = filename === undefined ? '' : `; filename="${filename}"`;
    const head = [
      `--${boundary}`,
      `Content-Disposition: form-data; name="${field}"${name}`,
      ...(type === undefined ? [] : [`Content-Type: ${type}`]),
    ];
    return [Buffer.from(`${head.join('\r\n')}\r\n\r\n`), Buffer.from(content), Buffer.from('\r\n')];
  });
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
  };
}
