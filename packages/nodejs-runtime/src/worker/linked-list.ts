/** What a LinkedList holds; it can be in one at a time. */
export abstract class Linked {
  before: this | undefined;
  after: this | undefined;
  isListed = false;
}

/**
 * Objects in the order in which they came, each of which can leave at any time.
 *
 * A Set or Map would do, but where objects come and go with every call V8 makes it a new table every few calls. Each
 * table refers to the next, so that a chain of them outlives the quick collections, and full ones, which
 * hold everything up, become frequent.
 */
export class LinkedList<Item extends Linked> implements Iterable<Item> {
  #first: Item | undefined;
  #last: Item | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): Item | undefined {
    return this.#first;
  }

  get last(): Item | undefined {
    return this.#last;
  }

  add(item: Item): void {
    item.isListed = true;
    item.before = this.#last;
    if (this.#last) this.#last.after = item;
    else this.#first = item;
    this.#last = item;
    this.#size++;
  }

  /** Nothing happens where it has left already. */
  delete(item: Item): void {
    if (!item.isListed) return;
    const { before, after } = item;
    if (before) before.after = after;
    else this.#first = after;
    if (after) after.before = before;
    else this.#last = before;
    // What is gone must not keep alive what came after it.
    item.before = undefined;
    item.after = undefined;
    item.isListed = false;
    this.#size--;
  }

  /** Those that are there now; they may leave meanwhile. */
  [Symbol.iterator](): Iterator<Item> {
    const items: Item[] = [];
    for (let item = this.#first; item; item = item.after) items.push(item);
    return items.values();
  }
}
