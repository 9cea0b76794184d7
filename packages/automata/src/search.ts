import { maximumReferenceLength } from "@registry-policy/language";
import { dead, full, walk } from "./automaton.js";
import { and, automatonOf, automatonOnce, difference, type Language, not } from "./language.js";
import { Row } from "./row.js";
import { characters, symbolOf } from "./symbols.js";

/*
 * Every question is a search for a shortest text, which sees every state that there is unless it finds one. A text of
 * more than 512 characters is no image for anybody, so the search ends there: what it says is exact for the rest.
 */

/** Whether a text is in a language. */
export function contains(language: Language, value: string): boolean {
  const automaton = automatonOf(language);
  return automaton.accepts(walk(automaton, automaton.start, [...value].map(symbolOf), new Row()));
}

/**
 * The shortest text of a language, and of several the first in the order letters, digits, `/`, `.`, …; `undefined`
 * if no text of at most `maximumLength` characters is in it.
 *
 * @throws TooLarge where there are too many states; NotAnalysable from a rewriting in the language.
 */
export function shortest(language: Language, maximumLength: number = maximumReferenceLength): string | undefined {
  const automaton = automatonOnce(language);
  const { start } = automaton;
  if (start === dead) return undefined;
  if (start === full || automaton.accepts(start)) return "";
  const row = new Row();
  const queue = [start];
  const parents = [-1];
  const symbols = [-1];
  let seen = new Uint8Array(1024);
  const isNew = (state: number): boolean => {
    if (state >= seen.length) {
      const larger = new Uint8Array(state * 2);
      larger.set(seen);
      seen = larger;
    }
    if (seen[state] === 1) return false;
    seen[state] = 1;
    return true;
  };
  isNew(start);
  let level = 0;
  let levelEnd = 1;
  for (let at = 0; at < queue.length; at += 1) {
    if (at === levelEnd) {
      level += 1;
      levelEnd = queue.length;
    }
    if (level >= maximumLength) return undefined;
    automaton.expand(queue[at] as number, row);
    for (let run = 0; run < row.length; run += 1) {
      const next = row.targets[run] as number;
      if (next === dead || !isNew(next)) continue;
      parents.push(at);
      symbols.push(run === 0 ? 0 : (row.ends[run - 1] as number));
      queue.push(next);
      if (next === full || automaton.accepts(next)) return textOf(queue.length - 1, parents, symbols);
    }
  }
  return undefined;
}

/** Two languages that are not equal: the shortest text that only one of them has. */
export interface Difference {
  readonly text: string;
  /** Which of the two has it. */
  readonly isIn: "left" | "right";
}

/** Whether two languages have the same texts; if not, the shortest that shows it. Throws as `shortest` does. */
export function differenceOf(left: Language, right: Language): Difference | undefined {
  const text = shortest(difference(left, right));
  return text === undefined ? undefined : { text, isIn: contains(left, text) ? "left" : "right" };
}

/** The shortest text of `inner` that is not in `outer`; `undefined` if there is none. Throws as `shortest` does. */
export function notIncluded(inner: Language, outer: Language): string | undefined {
  return shortest(and(inner, not(outer)));
}

function textOf(end: number, parents: readonly number[], symbols: readonly number[]): string {
  let text = "";
  for (let at = end; at > 0; at = parents[at] as number) text = (characters[symbols[at] as number] ?? "") + text;
  return text;
}
