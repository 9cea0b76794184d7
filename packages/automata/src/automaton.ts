import type { Row } from "./row.js";

/**
 * A deterministic automaton over the alphabet, made as it is walked. State `dead` accepts nothing that follows, state
 * `full` everything: a combination that comes to one of them need not look further.
 */
export interface Automaton {
  readonly start: number;
  /** Writes the next state for every symbol. */
  expand(state: number, into: Row): void;
  accepts(state: number): boolean;
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
