import test from "ava";
import fc from "fast-check";
import { symbolClasses } from "./symbol-classes.js";
import { anySymbol, noSymbol, type SymbolSet, setOf, symbolCount, symbolsOf } from "./symbols.js";

const set = fc
  .array(fc.constantFrom("a", "b", "c", "0", "1", "/", ":", "é"), { maxLength: 6 })
  .map((characters) => setOf(characters.join("")));

test("a set is made of whole classes, and symbols that no set tells apart are in one", (t) => {
  fc.assert(
    fc.property(fc.array(set, { maxLength: 5 }), (sets) => {
      const { count, runs, classesOf } = symbolClasses(sets);
      const classes: number[] = [];
      for (const { end, symbols } of runs) while (classes.length < end) classes.push(symbols);
      t.is(classes.length, symbolCount);
      for (const one of sets) {
        const within = new Set(classesOf(one));
        const found = classes.flatMap((symbols, symbol) => (within.has(symbols) ? [symbol] : []));
        t.deepEqual(found, [...symbolsOf(one)]);
      }
      const told = new Set(
        classes.map((_, symbol) => sets.map((one: SymbolSet) => (one >> BigInt(symbol)) & 1n).join()),
      );
      t.is(count, told.size);
    }),
    { seed: 1, numRuns: 200 },
  );
});

test("without a set, or with one that has no symbol or all of them, all symbols are one class", (t) => {
  for (const sets of [[], [noSymbol], [anySymbol]])
    t.deepEqual(symbolClasses(sets).runs, [{ end: symbolCount, symbols: 0 }]);
});
