import { type Automaton, walk } from "./automaton.js";
import { automatonOf, type Language } from "./language.js";
import { Row } from "./row.js";
import { symbolOf } from "./symbols.js";
import { TooLarge } from "./too-large.js";

/** What texts are put together from: one of the first words, then any number of the others. */
export interface Words {
  readonly first: readonly string[];
  readonly next: readonly string[];
}

/**
 * The smallest automaton that says which texts made of words are in a language. It has a state for each way in which a
 * text can go on, so far as words tell, and is far smaller than that over characters, which counts the digits of digests.
 */
export interface WordMachine {
  readonly states: readonly WordState[];
  /** The first words, and the states that they lead to. */
  readonly first: readonly Step[];
  /** The other words, one of all those that do the same in every state. */
  readonly letters: readonly string[];
  /** The state behind a first word, or behind another word in a state; it is one of those that the machine was made of. */
  readonly target: (word: string, from?: number) => number;
}

export interface WordState {
  /** The text of fewest words that leads here. */
  readonly access: string;
  readonly accepts: boolean;
  /** The next state by letter. */
  readonly next: readonly number[];
}

interface Step {
  readonly word: string;
  readonly target: number;
}

/** More states than this have no test that anybody waits for. */
const maximumWordStates = 2_000;

/**
 * The machine of a language over words.
 *
 * @throws TooLarge where words lead to too many states.
 */
export function wordMachine(language: Language, { first, next }: Words): WordMachine {
  const automaton = automatonOf(language);
  const after = walker(automaton);
  const ids = new Map<number, number>();
  const reached: { readonly state: number; readonly access: string }[] = [];
  const idOf = (state: number, access: () => string): number => {
    const known = ids.get(state);
    if (known !== undefined) return known;
    if (reached.length >= maximumWordStates) throw new TooLarge(`words lead to more than ${maximumWordStates} states`);
    ids.set(state, reached.length);
    return reached.push({ state, access: access() }) - 1;
  };
  const firstTargets = first.map((word) => idOf(after(automaton.start, word), () => word));
  const rows: number[][] = [];
  for (let at = 0; at < reached.length; at += 1) {
    const { state, access } = reached[at] as (typeof reached)[number];
    rows.push(next.map((word) => idOf(after(state, word), () => access + word)));
  }

  const accepting = reached.map(({ state }) => automaton.accepts(state));
  const blocks = blocksOf(accepting, rows);
  const leaders = [...new Set(blocks)].map((block) => blocks.indexOf(block));
  const letters = distinctColumns(leaders.map((leader) => (rows[leader] ?? []).map((target) => blocks[target] ?? 0)));
  const states = leaders.map((leader) => ({
    access: reached[leader]?.access ?? "",
    accepts: accepting[leader] ?? false,
    next: letters.map((letter) => blocks[rows[leader]?.[letter] ?? 0] ?? 0),
  }));
  return {
    states,
    first: first.map((word, index) => ({ word, target: blocks[firstTargets[index] ?? 0] ?? 0 })),
    letters: letters.map((letter) => next[letter] ?? ""),
    target(word, from) {
      const raw =
        from === undefined ? firstTargets[first.indexOf(word)] : rows[leaders[from] ?? -1]?.[next.indexOf(word)];
      if (raw === undefined) throw new RangeError(`the machine has no word \`${word}\` there`);
      return blocks[raw] ?? 0;
    },
  };
}

/** The state of an automaton after a word. */
function walker(automaton: Automaton): (state: number, word: string) => number {
  const row = new Row();
  const symbols = new Map<string, readonly number[]>();
  return (state, word) => {
    let known = symbols.get(word);
    if (known === undefined) {
      known = [...word].map(symbolOf);
      symbols.set(word, known);
    }
    return walk(automaton, state, known, row);
  };
}

/** For each state the number of its block: states that no letters tell apart share one (Moore's refinement). */
function blocksOf(accepting: readonly boolean[], rows: readonly (readonly number[])[]): number[] {
  let blocks = numbered(accepting.map(String));
  for (;;) {
    const refined = numbered(rows.map((row, state) => [blocks[state], ...row.map((target) => blocks[target])].join()));
    if (Math.max(...refined) === Math.max(...blocks)) return refined;
    blocks = refined;
  }
}

/** Equal keys get one number, numbered as they come. */
function numbered(keys: readonly string[]): number[] {
  const numbers = new Map<string, number>();
  return keys.map((key) => {
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, numbers.size);
    return numbers.size - 1;
  });
}

/** The indices of the columns that no earlier column is equal to. */
function distinctColumns(rows: readonly (readonly number[])[]): number[] {
  const columns = (rows[0] ?? []).map((_, column) => rows.map((row) => row[column]).join());
  return columns.flatMap((column, index) => (columns.indexOf(column) === index ? [index] : []));
}
