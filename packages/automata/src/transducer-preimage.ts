import { type Automaton, dead, full, walk } from "./automaton.js";
import type { Preimage } from "./preimage-automata.js";
import { Row } from "./row.js";
import { RowStore } from "./row-store.js";
import { symbolCount } from "./symbols.js";
import { limitStates } from "./too-large.js";
import { type State, type Step, statesOf, type Transducer } from "./transducer.js";

/** One of the ways that a text may go: where the transducer is, and the automaton that reads what it writes. */
interface Way {
  readonly state: State;
  readonly inner: number;
}

/** The rewriting of a transducer; texts that it does not rewrite are not in the result. */
export function transducing(transducer: Transducer): Preimage {
  const stateOf = statesOf(transducer);
  return (of: Automaton): Automaton => {
    const walked = new Row();
    const settled = (inner: number) => (inner === full || (inner !== dead && of.accepts(inner)) ? full : dead);
    const after = ({ next, written }: Step, inner: number, target: number): Way => {
      const reached = written === undefined ? target : walk(of, inner, written, walked);
      return { state: next, inner: next.isSilent ? settled(reached) : reached };
    };

    // States 0 and 1 are those that are the same everywhere; no state here is ever `full`.
    const sets: (readonly Way[])[] = [[], []];
    const ids = new Map<string, number>([["", dead]]);
    const intern = (ways: readonly Way[]): number => {
      const keys = ways.map(({ state, inner }) => `${state.number}:${inner}`);
      const key = keys.sort().join(" ");
      const known = ids.get(key);
      if (known !== undefined) return known;
      limitStates(sets.length);
      const id = sets.push(ways) - 1;
      ids.set(key, id);
      return id;
    };
    const rows = new RowStore();
    const innerRows: Row[] = [];
    return {
      start: intern([{ state: stateOf(transducer.start), inner: of.start }]),
      accepts: (id) => (sets[id] ?? []).some(({ state, inner }) => state.isFinal && of.accepts(inner)),
      expand(id, into) {
        if (id === dead || id === full) {
          into.fill(id);
          return;
        }
        if (rows.read(id, into)) return;
        const begun = (sets[id] ?? []).map(({ state, inner }, index) => {
          innerRows[index] ??= new Row();
          const row = innerRows[index];
          of.expand(inner, row);
          return { inner, row, run: 0, steps: state.steps() };
        });
        into.clear();
        for (let [symbol, end] = [0, 0]; symbol < symbolCount; symbol = end) {
          end = symbolCount;
          const ways: Way[] = [];
          for (const way of begun) {
            const { inner, row, steps } = way;
            while ((row.ends[way.run] as number) <= symbol) way.run += 1;
            end = Math.min(end, row.ends[way.run] as number, steps.ends[symbol] as number);
            for (const step of steps.bySymbol[symbol] ?? []) {
              const reached = after(step, inner, row.targets[way.run] as number);
              if (reached.inner !== dead && !ways.some((other) => isSame(other, reached))) ways.push(reached);
            }
          }
          into.push(end, ways.length === 0 ? dead : intern(ways));
        }
        rows.write(id, into);
      },
    };
  };
}

function isSame(one: Way, other: Way): boolean {
  return one.state === other.state && one.inner === other.inner;
}
