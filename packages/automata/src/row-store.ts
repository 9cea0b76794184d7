import { symbolCount } from "./symbols.js";

/**
 * Rows of next states, each kept as its most common target and what differs from it, all in one array: most states
 * of a long list of patterns go on with one character only.
 */
export class RowStore {
  #data = new Int32Array(1024);
  #length = 0;
  readonly #offsets: number[] = [];

  /** Writes the row of a state; false if there is none yet. */
  read(state: number, into: Int32Array): boolean {
    const offset = this.#offsets[state];
    if (offset === undefined || offset < 0) return false;
    const data = this.#data;
    const end = offset + 2 + (data[offset] ?? 0) * 2;
    into.fill(data[offset + 1] ?? 0);
    for (let at = offset + 2; at < end; at += 2) into[data[at] ?? 0] = data[at + 1] ?? 0;
    return true;
  }

  write(state: number, row: Int32Array): void {
    const common = mostCommon(row);
    let count = 0;
    for (let symbol = 0; symbol < symbolCount; symbol += 1) if (row[symbol] !== common) count += 1;
    this.#reserve(2 + count * 2);
    while (this.#offsets.length <= state) this.#offsets.push(-1);
    this.#offsets[state] = this.#length;
    let at = this.#length;
    this.#data[at++] = count;
    this.#data[at++] = common;
    for (let symbol = 0; symbol < symbolCount; symbol += 1) {
      const target = row[symbol] ?? 0;
      if (target === common) continue;
      this.#data[at++] = symbol;
      this.#data[at++] = target;
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

/** The target that is there more often than not; the last one, where there is no such. */
function mostCommon(row: Int32Array): number {
  let candidate = 0;
  let lead = 0;
  for (let symbol = 0; symbol < symbolCount; symbol += 1) {
    if (lead === 0) candidate = row[symbol] ?? 0;
    lead += row[symbol] === candidate ? 1 : -1;
  }
  return candidate;
}
