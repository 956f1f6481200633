import { createHash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { RuntimeKitError } from '../../errors.js';

/** Passes bytes on, and fails at their end where they are not what their digest and size say. */
export class Checked extends Transform {
  private readonly hash = createHash('sha256');
  private bytes = 0;

  constructor(private readonly expected: { digest: string; size: number }) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.hash.update(chunk);
    this.bytes += chunk.length;
    done(null, chunk);
  }

  override _flush(done: TransformCallback): void {
    const { digest, size } = this.expected;
    const got = `sha256:${this.hash.digest('hex')}`;
    if (got === digest && this.bytes === size) done();
    else
      done(
        new RuntimeKitError(
          'REGISTRY_REFUSED',
          `${digest} of ${size} bytes came as ${got} of ${this.bytes}`,
          { hint: 'what lies there is damaged, or something on the way changes it' },
        ),
      );
  }
}
