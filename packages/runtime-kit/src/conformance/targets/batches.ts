/** Hands pieces of work on together: what comes while a batch is under way goes with the next. */
export class Batches<Piece> {
  private waiting: Piece[] = [];
  private next: Promise<void> | undefined;
  private underWay: Promise<void> = Promise.resolve();

  constructor(private readonly work: (pieces: Piece[]) => Promise<void>) {}

  /** Rejected with what the work of its batch threw. */
  add(piece: Piece): Promise<void> {
    this.waiting.push(piece);
    this.next ??= this.underWay.then(() => this.begin());
    return this.next;
  }

  private begin(): Promise<void> {
    const pieces = this.waiting;
    this.waiting = [];
    this.next = undefined;
    const done = this.work(pieces);
    this.underWay = done.catch(() => {});
    return done;
  }
}
