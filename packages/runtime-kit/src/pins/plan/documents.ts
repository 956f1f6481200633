import { sha256 } from '../lock.js';
import { readDocument } from '../store.js';

/** The documents of a pin in the making, before those that are kept already. */
export class Documents {
  /** Text by digest. */
  readonly kept = new Map<string, string>();

  constructor(private readonly folder: string) {}

  /** Returns the digest by which it goes. */
  keep(text: string): string {
    const digest = sha256(text);
    this.kept.set(digest, text);
    return digest;
  }

  /** @throws RuntimeKitError PIN_INVALID */
  async read(digest: string): Promise<string> {
    return this.kept.get(digest) ?? readDocument(this.folder, digest);
  }
}
