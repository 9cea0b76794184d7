import type { Endings } from "./telling-suite.js";
import type { WordMachine } from "./word-machine.js";

/** A word with a meaning of its own, such as the name of a registry that is allowed. */
export interface MarkedWord {
  readonly text: string;
  /** What stands there in an ordinary text, a word of the same machine; empty: nothing. */
  readonly usual: string;
  /** What is nearly the word, and may be mistaken for it; no words of the machine. */
  readonly near: readonly string[];
  readonly isFirst: boolean;
}

/**
 * A text to each state, and texts on both sides of the boundary that each marked word draws: wherever the word makes a difference, the word, what
 * usually stands there, and everything that is nearly the word, each with the ending that shows the difference.
 *
 * @param words those in `first` are first words of the machine, with a `usual` that is one too.
 */
export function boundaryTexts(machine: WordMachine, endings: Endings, words: readonly MarkedWord[]): string[] {
  const texts = new Set(machine.states.map(({ access }) => access));
  for (const { text, usual, near, isFirst } of words) {
    const places = isFirst
      ? [{ access: "", from: undefined }]
      : machine.states.map(({ access }, from) => ({ access, from }));
    let isTelling = false;
    for (const { access, from } of places) {
      const marked = machine.target(text, from);
      const ordinary = usual === "" && from !== undefined ? from : machine.target(usual, from);
      if (marked === ordinary) continue;
      isTelling = true;
      const ending = endings.between(marked, ordinary);
      for (const piece of [text, usual, ...near]) texts.add(access + piece + ending);
    }
    // It should make none: to another automaton it may.
    if (isFirst && !isTelling) {
      for (const ending of endings.byState[machine.target(text)] ?? []) texts.add(text + ending);
    }
  }
  return [...texts];
}
