import { type SymbolSet, symbolCount, symbolsOf } from "./symbols.js";

/** Symbols that no set tells apart, as classes that are numbered from 0: what one of a class does, all do. */
export interface SymbolClasses {
  readonly count: number;
  /** The symbols in their order, by runs of one class. */
  readonly runs: readonly ClassRun[];
  /** The classes that one of the sets is made of. */
  readonly classesOf: (set: SymbolSet) => readonly number[];
}

export interface ClassRun {
  /** The symbol after the last one. */
  readonly end: number;
  readonly symbols: number;
}

/** The fewest classes of which each of the sets is made. */
export function symbolClasses(sets: Iterable<SymbolSet>): SymbolClasses {
  const distinct = [...new Set(sets)];
  const classOf = new Int32Array(symbolCount);
  const sizes = [symbolCount];
  for (const set of distinct) split(classOf, sizes, symbolsOf(set));
  const runs: { end: number; symbols: number }[] = [];
  for (let symbol = 0; symbol < symbolCount; symbol += 1) {
    const symbols = classOf[symbol] as number;
    const last = runs.at(-1);
    if (last?.symbols === symbols) last.end = symbol + 1;
    else runs.push({ end: symbol + 1, symbols });
  }
  const classes = new Map(
    distinct.map((set) => [set, [...new Set(symbolsOf(set).map((symbol) => classOf[symbol] as number))]]),
  );
  return { count: sizes.length, runs, classesOf: (set) => classes.get(set) ?? [] };
}

/** Takes the symbols of a set out of each class that has others too. */
function split(classOf: Int32Array, sizes: number[], symbols: readonly number[]): void {
  const inside = new Int32Array(sizes.length);
  for (let i = 0; i < symbols.length; i += 1) {
    const own = classOf[symbols[i] as number] as number;
    inside[own] = (inside[own] as number) + 1;
  }
  // Of each class that is split, the one that its symbols in the set come to.
  const parts = new Int32Array(inside.length);
  for (let own = 0; own < inside.length; own += 1) {
    const [count, size] = [inside[own] as number, sizes[own] as number];
    if (count === 0 || count === size) continue;
    sizes[own] = size - count;
    parts[own] = sizes.push(count) - 1;
  }
  for (let i = 0; i < symbols.length; i += 1) {
    const symbol = symbols[i] as number;
    const part = parts[classOf[symbol] as number] as number;
    if (part > 0) classOf[symbol] = part;
  }
}
