import { characters, symbolCount, symbolOf } from "./symbols.js";

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
export interface State {
  readonly name: string;
  readonly number: number;
  readonly isFinal: boolean;
  readonly isSilent: boolean;
  readonly steps: () => Steps;
}

export interface Steps {
  readonly bySymbol: readonly (readonly Step[])[];
  /** For each symbol, the one behind it, and behind all that follow for which the same is done. */
  readonly ends: readonly number[];
}

export interface Step {
  readonly next: State;
  /** `undefined`: the symbol itself. */
  readonly written: readonly number[] | undefined;
}

/** The states of a transducer by their names, each made once. */
export function statesOf({ step, final, silent = [] }: Transducer): (name: string) => State {
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
    const bySymbol = characters.map((character) =>
      step(name, character).map(([next, written]) => ({
        next: stateOf(next),
        written: written === character ? undefined : [...written].map(symbolOf),
      })),
    );
    const ends = characters.map((_, symbol) => symbol + 1);
    for (let symbol = symbolCount - 2; symbol >= 0; symbol -= 1) {
      if (isSame(bySymbol[symbol] ?? [], bySymbol[symbol + 1] ?? [])) ends[symbol] = ends[symbol + 1] as number;
    }
    return { bySymbol, ends };
  };
  return stateOf;
}

function isSame(one: readonly Step[], other: readonly Step[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ next, written }, index) => {
      const step = other[index];
      return step?.next === next && step.written?.join() === written?.join();
    })
  );
}
