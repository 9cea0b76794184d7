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
  const inside = new Map<number, number>();
  for (const symbol of symbols) {
    const own = classOf[symbol] as number;
    inside.set(own, (inside.get(own) ?? 0) + 1);
  }
  const parts = new Map<number, number>();
  for (const [own, count] of inside) {
    const size = sizes[own] as number;
    if (count === size) continue;
    parts.set(own, sizes.length);
    sizes[own] = size - count;
    sizes.push(count);
  }
  if (parts.size === 0) return;
  for (const symbol of symbols) classOf[symbol] = parts.get(classOf[symbol] as number) ?? (classOf[symbol] as number);
}
