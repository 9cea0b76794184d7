import { type Automaton, dead, full } from "./automaton.js";
import type { Preimage } from "./preimage-automata.js";
import { Row } from "./row.js";
import { RowStore } from "./row-store.js";
import { characters, symbolCount, symbolOf } from "./symbols.js";
import { limitStates } from "./too-large.js";

/**
 * A rewriting that reads a text from left to right. It may try several ways at once; of those that come to an end in
 * `final`, each has to give the same text, or the rewriting would not be one.
 */
export interface Transducer {
  readonly start: string;
  /** Where a character leads, and what is written for it; nowhere, for a text that is not rewritten. */
  readonly step: (state: string, character: string) => readonly (readonly [next: string, written: string])[];
  readonly final: readonly string[];
  /** States from which nothing more is written: what was written so far decides, and need not be carried along. */
  readonly silent?: readonly string[];
}

/** The rewriting of a transducer; texts that it does not rewrite are not in the result. */
export function transducing({ start, step, final, silent = [] }: Transducer): Preimage {
  const isFinal = new Set(final);
  const isSilent = new Set(silent);
  const table = new Map<string, (readonly (readonly [string, readonly number[]])[])[]>();
  const steps = (state: string) => {
    let found = table.get(state);
    if (found === undefined) {
      found = characters.map((character) =>
        step(state, character).map(([next, text]) => [next, [...text].map(symbolOf)] as const),
      );
      table.set(state, found);
    }
    return found;
  };

  return (of: Automaton): Automaton => {
    const rowsOf = new Map<number, Int32Array>();
    const ofRow = new Row();
    const follow = (state: number, symbols: readonly number[]): number => {
      let at = state;
      for (const symbol of symbols) {
        if (at === dead || at === full) return at;
        let row = rowsOf.get(at);
        if (row === undefined) {
          row = new Int32Array(symbolCount);
          of.expand(at, ofRow);
          ofRow.writeTo(row);
          rowsOf.set(at, row);
        }
        at = row[symbol] ?? dead;
      }
      return at;
    };

    const settled = (state: number) => (state === full || (state !== dead && of.accepts(state)) ? full : dead);

    // States 0 and 1 are those that are the same everywhere; no state here is ever `full`.
    const sets: (readonly (readonly [string, number])[])[] = [[], []];
    const ids = new Map<string, number>([["", dead]]);
    const intern = (pairs: ReadonlyMap<string, readonly [string, number]>): number => {
      const key = [...pairs.keys()].sort().join(" ");
      const known = ids.get(key);
      if (known !== undefined) return known;
      limitStates(sets.length);
      const id = sets.push([...pairs.values()]) - 1;
      ids.set(key, id);
      return id;
    };
    const rows = new RowStore();
    return {
      start: intern(new Map([[`${start}:${of.start}`, [start, of.start]]])),
      accepts: (state) =>
        (sets[state] ?? []).some(
          ([at, inner]) => isFinal.has(at) && (inner === full || (inner !== dead && of.accepts(inner))),
        ),
      expand(state, into) {
        if (state === dead || state === full) {
          into.fill(state);
          return;
        }
        if (rows.read(state, into)) return;
        into.clear();
        const ways = (sets[state] ?? []).map(([at, inner]) => [steps(at), inner] as const);
        for (let symbol = 0; symbol < symbolCount; symbol += 1) {
          const pairs = new Map<string, readonly [string, number]>();
          for (const [step, inner] of ways) {
            for (const [next, written] of step[symbol] ?? []) {
              const reached = follow(inner, written);
              const target = isSilent.has(next) ? settled(reached) : reached;
              if (target !== dead) pairs.set(`${next}:${target}`, [next, target]);
            }
          }
          into.push(symbol + 1, pairs.size === 0 ? dead : intern(pairs));
        }
        rows.write(state, into);
      },
    };
  };
}

/** The rewriting that puts `end` behind a text. */
export function appending(end: string): Preimage {
  const symbols = [...end].map(symbolOf);
  return (of) => {
    const row = new Row();
    return {
      start: of.start,
      expand: of.expand,
      accepts(state) {
        let at = state;
        for (const symbol of symbols) {
          of.expand(at, row);
          at = row.at(symbol);
        }
        return of.accepts(at);
      },
    };
  };
}
