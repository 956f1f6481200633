/** Remembers that something changed until somebody asks, and many changes as one. */
export class Changes {
  private changed = false;
  private wake: () => void = () => {};

  note(): void {
    this.changed = true;
    this.wake();
  }

  /** Resolves when there was a change since it was last asked. */
  async next(): Promise<void> {
    if (!this.changed)
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    this.changed = false;
  }
}
