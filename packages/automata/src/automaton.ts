import type { Row } from "./row.js";

/**
 * A deterministic automaton over the alphabet, made as it is walked. State `dead` accepts nothing that follows, state
 * `full` everything: a combination that comes to one of them need not look further.
 *
 * Every automaton has its fields in this order: to V8, objects of another order are of another shape, at which what it
 * compiled for the ones before begins anew.
 */
export interface Automaton {
  readonly start: number;
  accepts(state: number): boolean;
  /** Writes the next state for every symbol. */
  expand(state: number, into: Row): void;
}

export const dead = 0;
export const full = 1;

/** The state after a text that is made of symbols. */
export function walk(automaton: Automaton, state: number, symbols: Iterable<number>, row: Row): number {
  let at = state;
  for (const symbol of symbols) {
    if (at === dead || at === full) return at;
    automaton.expand(at, row);
    at = row.at(symbol);
  }
  return at;
}
