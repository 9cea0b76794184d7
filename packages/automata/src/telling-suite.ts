import type { WordMachine, WordState } from "./word-machine.js";

/** The endings that tell the states of a machine apart. */
export interface Endings {
  /** Of each state: among them is one that tells it from each other state, and it is among those of that state too. */
  readonly byState: readonly (readonly string[])[];
  /** A shortest ending with which a text goes on to be in the language from just one of two states. */
  between(one: number, other: number): string;
}

/**
 * Texts that tell a machine from every other automaton over its letters that has at most `extra` more states: a text
 * to each state, every run of up to `extra + 1` letters from there, and endings that tell the state that this comes to
 * from all others (the W method of Chow and Vasilevskii, with the harmonised endings of Luo, Petrenko and v. Bochmann).
 *
 * @returns each text once, those with the shortest runs first.
 */
export function tellingSuite({ states, first, letters }: WordMachine, endings: Endings, extra: number): string[] {
  const texts = new Set<string>();
  const identify = (text: string, state: number) => {
    for (const ending of endings.byState[state] ?? []) texts.add(text + ending);
  };
  for (const { word, target } of first) identify(word, target);
  let runs = states.map(({ access }, state) => ({ text: access, state }));
  for (const { text, state } of runs) identify(text, state);
  for (let length = 1; length <= extra + 1; length += 1) {
    runs = runs.flatMap(({ text, state }) =>
      letters.map((letter, index) => ({ text: text + letter, state: states[state]?.next[index] ?? 0 })),
    );
    for (const { text, state } of runs) identify(text, state);
  }
  return [...texts];
}

/** Finds endings for a machine that has no two states alike. */
export function endingsOf({ states, letters }: WordMachine): Endings {
  const shortest = shortestEndings(states, letters);
  const pairs = states.flatMap((_, one) => states.slice(0, one).map((_, other) => [one, other] as const));
  const candidates = [...new Set(pairs.map(([one, other]) => shortest(one, other).join(",")))]
    .map((key) => (key === "" ? [] : key.split(",").map(Number)))
    .sort((a, b) => a.length - b.length);
  const answers = candidates.map((ending) => states.map((_, state) => isIn(states, state, ending)));
  const byState = states.map(() => new Set<string>());
  // The ending that tells the most pairs apart is chosen first, so that few are needed.
  for (let left = pairs; left.length > 0; ) {
    const told = candidates.map((_, at) => left.filter(([one, other]) => answers[at]?.[one] !== answers[at]?.[other]));
    const best = told.reduce((most, pairs, at) => (pairs.length > (told[most]?.length ?? 0) ? at : most), 0);
    const ending = (candidates[best] ?? []).map((letter) => letters[letter]).join("");
    for (const pair of told[best] ?? []) for (const state of pair) byState[state]?.add(ending);
    left = left.filter(([one, other]) => answers[best]?.[one] === answers[best]?.[other]);
  }
  // A machine with one state has nothing to be told apart, but what it says is to be tried.
  const always = states.length === 1 ? [""] : [];
  return {
    byState: byState.map((endings) => [...always, ...endings]),
    between: (one, other) =>
      shortest(one, other)
        .map((letter) => letters[letter])
        .join(""),
  };
}

function isIn(states: readonly WordState[], from: number, ending: readonly number[]): boolean {
  const end = ending.reduce((state, letter) => states[state]?.next[letter] ?? 0, from);
  return states[end]?.accepts ?? false;
}

/** A shortest ending, by its letters, that just one of two states accepts; empty for a state and itself. */
function shortestEndings(
  states: readonly WordState[],
  letters: readonly string[],
): (one: number, other: number) => readonly number[] {
  const count = states.length;
  const found = new Map<number, readonly number[]>();
  const key = (one: number, other: number) => Math.max(one, other) * count + Math.min(one, other);
  states.forEach((a, one) => {
    states.forEach((b, other) => {
      if (a.accepts !== b.accepts) found.set(key(one, other), []);
    });
  });
  for (let isNew = true; isNew; ) {
    const added: [number, readonly number[]][] = [];
    for (let one = 0; one < count; one += 1) {
      for (let other = 0; other < one; other += 1) {
        if (found.has(key(one, other))) continue;
        for (let letter = 0; letter < letters.length; letter += 1) {
          const rest = found.get(key(states[one]?.next[letter] ?? 0, states[other]?.next[letter] ?? 0));
          if (rest === undefined) continue;
          added.push([key(one, other), [letter, ...rest]]);
          break;
        }
      }
    }
    for (const [pair, ending] of added) found.set(pair, ending);
    isNew = added.length > 0;
  }
  return (one, other) => found.get(key(one, other)) ?? [];
}
