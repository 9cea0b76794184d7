import type { Row } from "./row.js";

/** In numbers, more than any row takes. A store of a few rows has less. */
const chunkLength = 8192;
const firstChunkLength = 1024;

/** Rows of next states, one behind the other in chunks: what was written is never moved. */
export class RowStore {
  readonly #chunks = [new Int32Array(firstChunkLength)];
  /** Where the next row begins in the last chunk. */
  #end = 0;
  /** Where the row of each state is: the chunk's number times its length, and the place in it; -1: nowhere. */
  readonly #places: number[] = [];

  /** Writes the row of a state; false if there is none yet. */
  read(state: number, into: Row): boolean {
    const place = this.#places[state];
    if (place === undefined || place < 0) return false;
    const chunk = this.#chunks[Math.floor(place / chunkLength)] as Int32Array;
    let at = place % chunkLength;
    const { ends, targets } = into;
    const length = chunk[at++] as number;
    for (let run = 0; run < length; run += 1) {
      ends[run] = chunk[at++] as number;
      targets[run] = chunk[at++] as number;
    }
    into.length = length;
    return true;
  }

  write(state: number, { ends, targets, length }: Row): void {
    const chunk = this.#chunkFor(1 + length * 2);
    while (this.#places.length <= state) this.#places.push(-1);
    let at = this.#end;
    this.#places[state] = (this.#chunks.length - 1) * chunkLength + at;
    chunk[at++] = length;
    for (let run = 0; run < length; run += 1) {
      chunk[at++] = ends[run] as number;
      chunk[at++] = targets[run] as number;
    }
    this.#end = at;
  }

  /** The last chunk, or a new one if it has too little room. */
  #chunkFor(room: number): Int32Array {
    const last = this.#chunks.at(-1) as Int32Array;
    if (this.#end + room <= last.length) return last;
    this.#end = 0;
    const added = new Int32Array(chunkLength);
    this.#chunks.push(added);
    return added;
  }
}
