import { type Automaton, dead, full, walk } from "./automaton.js";
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

/** A state of a transducer, and what it does for each symbol. */
interface State {
  readonly name: string;
  readonly number: number;
  readonly isFinal: boolean;
  readonly isSilent: boolean;
  readonly steps: () => Steps;
}

interface Steps {
  readonly bySymbol: readonly (readonly Step[])[];
  /** For each symbol, the one behind it, and behind all that follow for which the same is done. */
  readonly ends: readonly number[];
}

interface Step {
  readonly next: State;
  /** `undefined`: the symbol itself. */
  readonly written: readonly number[] | undefined;
}

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
    const next = ({ next: state, written }: Step, inner: number, target: number): Way => {
      const reached = written === undefined ? target : walk(of, inner, written, walked);
      const isAccepted = state.isSilent && reached > full && of.accepts(reached);
      return { state, inner: !state.isSilent ? reached : reached === full || isAccepted ? full : dead };
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
              const reached = next(step, inner, row.targets[way.run] as number);
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

/** The states of a transducer by their names, each made once. */
function statesOf({ step, final, silent = [] }: Transducer): (name: string) => State {
  const states = new Map<string, State>();
  const stateOf = (name: string): State => {
    const known = states.get(name);
    if (known !== undefined) return known;
    let steps: Steps | undefined;
    const made = {
      name,
      number: states.size,
      isFinal: final.includes(name),
      isSilent: silent.includes(name),
      steps() {
        steps ??= stepsFrom(name);
        return steps;
      },
    };
    states.set(name, made);
    return made;
  };
  const stepsFrom = (name: string): Steps => {
    const found = characters.map((character) => step(name, character));
    const forms = found.map((steps, symbol) =>
      JSON.stringify(steps.map(([next, written]) => (written === characters[symbol] ? [next] : [next, written]))),
    );
    const ends = forms.map((form, symbol) => {
      const end = forms.findIndex((other, index) => index > symbol && other !== form);
      return end < 0 ? symbolCount : end;
    });
    const bySymbol = found.map((steps, symbol) =>
      steps.map(([next, written]) => ({
        next: stateOf(next),
        written: written === characters[symbol] ? undefined : [...written].map(symbolOf),
      })),
    );
    return { bySymbol, ends };
  };
  return stateOf;
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
