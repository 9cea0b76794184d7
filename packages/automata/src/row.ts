import { symbolCount } from "./symbols.js";

/**
 * The next state for every symbol, by runs of symbols that lead to the same state: there are few, as letters mostly do
 * what other letters do. It is filled from the first symbol on, and used again and again.
 */
export class Row {
  /** Of each run, the symbol after its last one, and the state. */
  readonly ends: Int32Array = new Int32Array(symbolCount);
  readonly targets: Int32Array = new Int32Array(symbolCount);
  /** How many runs there are. */
  length = 0;

  clear(): void {
    this.length = 0;
  }

  /** Adds the symbols up to `end`, which is not among them. */
  push(end: number, target: number): void {
    const { length } = this;
    if (length > 0 && this.targets[length - 1] === target) {
      this.ends[length - 1] = end;
      return;
    }
    this.ends[length] = end;
    this.targets[length] = target;
    this.length = length + 1;
  }

  /** One state for every symbol. */
  fill(target: number): void {
    this.length = 0;
    this.push(symbolCount, target);
  }

  /** The states symbol by symbol. */
  fillFrom(targets: Int32Array): void {
    let length = 0;
    let last = targets[0] as number;
    for (let symbol = 1; symbol < symbolCount; symbol += 1) {
      const target = targets[symbol] as number;
      if (target === last) continue;
      this.ends[length] = symbol;
      this.targets[length] = last;
      length += 1;
      last = target;
    }
    this.ends[length] = symbolCount;
    this.targets[length] = last;
    this.length = length + 1;
  }

  /** Writes the state for every symbol. */
  writeTo(targets: Int32Array): void {
    let from = 0;
    for (let run = 0; run < this.length; run += 1) {
      const end = this.ends[run] as number;
      targets.fill(this.targets[run] as number, from, end);
      from = end;
    }
  }

  /** The state for one symbol. */
  at(symbol: number): number {
    return this.targets[this.runOf(symbol)] as number;
  }

  /** The run that a symbol is in. */
  runOf(symbol: number): number {
    let run = 0;
    while ((this.ends[run] as number) <= symbol) run += 1;
    return run;
  }
}
