import { type Automaton, dead, full, walk } from "./automaton.js";
import type { Expression } from "./expression.js";
import { Row } from "./row.js";
import { subsetAutomaton } from "./subset-automaton.js";
import { lowerCase, symbolCount, symbolOf } from "./symbols.js";

/** A rewriting whose effect on a language is not worked out: nothing can be shown about it. */
export class NotAnalysable extends Error {
  override readonly name = "NotAnalysable";
}

/** From the automaton of a language to that of the texts that a rewriting takes into it. */
export type Preimage = (of: Automaton) => Automaton;

/** The rewriting that puts `start` in front of a text. */
export function prepending(start: string): Preimage {
  return (of) => ({
    start: walk(of, of.start, [...start].map(symbolOf), new Row()),
    accepts: of.accepts,
    expand: of.expand,
  });
}

/** The rewriting that puts `end` behind a text. */
export function appending(end: string): Preimage {
  const symbols = [...end].map(symbolOf);
  return (of) => {
    const row = new Row();
    return {
      start: of.start,
      accepts(state) {
        let at = state;
        for (const symbol of symbols) {
          of.expand(at, row);
          at = row.at(symbol);
        }
        return of.accepts(at);
      },
      expand: of.expand,
    };
  };
}

/** The rewriting of a text to lower case. */
export const loweringCase: Preimage = (of) => {
  const row = new Row();
  const targets = new Int32Array(symbolCount);
  const lowered = new Int32Array(symbolCount);
  return {
    start: of.start,
    accepts: of.accepts,
    expand(state, into) {
      of.expand(state, row);
      row.writeTo(targets);
      for (let symbol = 0; symbol < symbolCount; symbol += 1) {
        lowered[symbol] = targets[lowerCase[symbol] as number] as number;
      }
      into.fillFrom(lowered);
    },
  };
};

/**
 * The rewriting that puts `by` in the place of what `start` matches at the beginning of a text; only texts that begin
 * so are in the result.
 *
 * @param start no text of it is the beginning of another one, nor empty, so that it is clear what it matches.
 * @throws NotAnalysable if it is not so: when the automaton is walked, or here.
 */
export function replacingStart(start: Expression, by: string): Preimage {
  const front = subsetAutomaton(start);
  if (front.start === full || front.accepts(front.start)) throw ambiguous();
  return (of) => {
    const row = new Row();
    const frontRow = new Row();
    const behind = walk(of, of.start, [...by].map(symbolOf), row);
    // States of `of` are even, those of `front` odd, but for the two that are the same everywhere.
    const inner = (state: number) => (state <= full ? state : state * 2);
    const outer = (state: number) => (state === dead ? dead : state * 2 + 1);
    const afterFront = (state: number): number => {
      if (state === dead) return dead;
      if (state !== full && !front.accepts(state)) return outer(state);
      if (state === full) throw ambiguous();
      front.expand(state, row);
      if (row.length > 1 || row.targets[0] !== dead) throw ambiguous();
      return inner(behind);
    };
    return {
      start: outer(front.start),
      accepts: (state) => state === full || (state > full && state % 2 === 0 && of.accepts(state / 2)),
      expand(state, into) {
        if (state <= full) {
          into.fill(state);
        } else if (state % 2 === 0) {
          of.expand(state / 2, into);
          for (let run = 0; run < into.length; run += 1) into.targets[run] = inner(into.targets[run] as number);
        } else {
          front.expand((state - 1) / 2, frontRow);
          into.clear();
          for (let run = 0; run < frontRow.length; run += 1) {
            into.push(frontRow.ends[run] as number, afterFront(frontRow.targets[run] as number));
          }
        }
      },
    };
  };
}

function ambiguous(): NotAnalysable {
  return new NotAnalysable("what an expression matches at the beginning of a text is not clear");
}
