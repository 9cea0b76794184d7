import type { Row } from "./row.js";

/** Rows of next states, all in one array. */
export class RowStore {
  #data = new Int32Array(1024);
  #length = 0;
  readonly #offsets: number[] = [];

  /** Writes the row of a state; false if there is none yet. */
  read(state: number, into: Row): boolean {
    const offset = this.#offsets[state];
    if (offset === undefined || offset < 0) return false;
    const data = this.#data;
    const { ends, targets } = into;
    const length = data[offset] as number;
    for (let run = 0, at = offset + 1; run < length; run += 1, at += 2) {
      ends[run] = data[at] as number;
      targets[run] = data[at + 1] as number;
    }
    into.length = length;
    return true;
  }

  write(state: number, { ends, targets, length }: Row): void {
    this.#reserve(1 + length * 2);
    while (this.#offsets.length <= state) this.#offsets.push(-1);
    this.#offsets[state] = this.#length;
    const data = this.#data;
    let at = this.#length;
    data[at++] = length;
    for (let run = 0; run < length; run += 1) {
      data[at++] = ends[run] as number;
      data[at++] = targets[run] as number;
    }
    this.#length = at;
  }

  #reserve(room: number): void {
    if (this.#length + room <= this.#data.length) return;
    const larger = new Int32Array(Math.max(this.#data.length * 2, this.#length + room));
    larger.set(this.#data);
    this.#data = larger;
  }
}
