/**
 * Numbers for pairs of numbers, from `first` on. A table of its own, as keys made of two numbers are too large for
 * those that a `Map` is fast with.
 */
export class PairNumbers {
  readonly lefts: number[] = [];
  readonly rights: number[] = [];
  /** The numbers by the hash of their pair, each in the next place that was free; 0: free. */
  #table = new Int32Array(256);

  /** @param first the pairs that have the numbers from 0 on, and are never looked for. */
  constructor(first: readonly (readonly [number, number])[]) {
    for (const [left, right] of first) {
      this.lefts.push(left);
      this.rights.push(right);
    }
  }

  /** How many there are. */
  get size(): number {
    return this.lefts.length;
  }

  /** The number of a pair, if it has one. */
  find(left: number, right: number): number | undefined {
    const id = this.#table[this.#place(left, right)] as number;
    return id === 0 ? undefined : id;
  }

  /** Gives a pair without a number the next one. */
  add(left: number, right: number): number {
    if (this.size * 2 >= this.#table.length) this.#grow();
    const id = this.lefts.push(left) - 1;
    this.rights.push(right);
    this.#table[this.#place(left, right)] = id;
    return id;
  }

  /** Where the number of a pair is, or would be. */
  #place(left: number, right: number): number {
    const mask = this.#table.length - 1;
    const hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
    let place = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const id = this.#table[place] as number;
      if (id === 0 || (this.lefts[id] === left && this.rights[id] === right)) return place;
      place = (place + 1) & mask;
    }
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Int32Array(old.length * 4);
    for (const id of old) {
      if (id !== 0) this.#table[this.#place(this.lefts[id] as number, this.rights[id] as number)] = id;
    }
  }
}
