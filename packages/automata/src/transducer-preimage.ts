import { type Automaton, dead, full, walk } from "./automaton.js";
import type { Preimage } from "./preimage-automata.js";
import { Row } from "./row.js";
import { RowStore } from "./row-store.js";
import { symbolCount } from "./symbols.js";
import { limitStates } from "./too-large.js";
import { type State, type Step, statesOf, type Transducer } from "./transducer.js";

/** One of the ways that a text may go: where the transducer is, and the automaton that reads what it writes. */
interface Way {
  readonly number: number;
  readonly state: State;
  readonly inner: number;
}

/** The rewriting of a transducer; texts that it does not rewrite are not in the result. */
export function transducing(transducer: Transducer): Preimage {
  const stateOf = statesOf(transducer);
  const start = stateOf(transducer.start);
  return (of: Automaton): Automaton => {
    /** Each way once, by the states of both. */
    const known: (Map<number, Way> | undefined)[] = [];
    let count = 0;
    const wayOf = (state: State, inner: number): Way => {
      known[state.number] ??= new Map();
      const ofState = known[state.number] as Map<number, Way>;
      const found = ofState.get(inner) ?? { number: count++, state, inner };
      ofState.set(inner, found);
      return found;
    };

    // States 0 and 1 are those that are the same everywhere; no state here is ever `full`.
    const sets: (readonly Way[])[] = [[], []];
    const ids = new Map<string, number>([["", dead]]);
    const intern = (ways: readonly Way[]): number => {
      const key = ways.length === 1 ? String(ways[0]?.number) : keyOf(ways);
      const found = ids.get(key);
      if (found !== undefined) return found;
      limitStates(sets.length);
      const id = sets.push(ways) - 1;
      ids.set(key, id);
      return id;
    };

    const walked = new Row();
    const settled = (inner: number) => (inner === full || (inner !== dead && of.accepts(inner)) ? full : dead);
    const follow = ({ next, written }: Step, inner: number, target: number, ways: Way[]): void => {
      const reached = written === undefined ? target : walk(of, inner, written, walked);
      const behind = next.isSilent ? settled(reached) : reached;
      if (behind === dead) return;
      const way = wayOf(next, behind);
      if (!ways.includes(way)) ways.push(way);
    };

    const rows = new RowStore();
    const innerRows: Row[] = [];
    return {
      start: intern([wayOf(start, of.start)]),
      accepts: (id) => (sets[id] ?? []).some(({ state, inner }) => state.isFinal && of.accepts(inner)),
      expand(id, into) {
        if (id === dead || id === full) {
          into.fill(id);
          return;
        }
        if (rows.read(id, into)) return;
        const set = sets[id] as readonly Way[];
        for (let index = 0; index < set.length; index += 1) {
          innerRows[index] ??= new Row();
          of.expand((set[index] as Way).inner, innerRows[index] as Row);
        }
        into.clear();
        for (let symbol = 0; symbol < symbolCount; ) {
          let end = symbolCount;
          const ways: Way[] = [];
          for (let index = 0; index < set.length; index += 1) {
            const { state, inner } = set[index] as Way;
            const row = innerRows[index] as Row;
            const { bySymbol, ends } = state.steps();
            const run = row.runOf(symbol);
            end = Math.min(end, row.ends[run] as number, ends[symbol] as number);
            const steps = bySymbol[symbol] as readonly Step[];
            const target = row.targets[run] as number;
            for (let step = 0; step < steps.length; step += 1) follow(steps[step] as Step, inner, target, ways);
          }
          into.push(end, intern(ways));
          symbol = end;
        }
        rows.write(id, into);
      },
    };
  };
}

function keyOf(ways: readonly Way[]): string {
  return ways
    .map(({ number }) => number)
    .sort((one, other) => one - other)
    .join();
}
