import { and, difference, everything, type Language, not, nothing } from "./language.js";
import { contains, type Difference, shortest } from "./search.js";
import { symbolOf } from "./symbols.js";

/**
 * A language among the texts that are in another one, or among those that are not: there it has the same texts, elsewhere
 * any. What is settled by that is left out of it, and then no automaton has to carry it along.
 *
 * @param known a language that was put to use as it is where `language` was made: others are not looked into.
 */
export function given(language: Language, known: Language, holds: boolean): Language {
  return madeOnce(holds ? whereItHolds : whereItDoesNot, language, known, () => settled(language, known, holds));
}

function settled(language: Language, known: Language, holds: boolean): Language {
  if (language === known) return holds ? everything : nothing;
  switch (language.kind) {
    case "expression":
    case "preimage":
      return language;
    case "not": {
      const of = given(language.of, known, holds);
      if (of === everything) return nothing;
      return of === nothing ? everything : of === language.of ? language : not(of);
    }
    default: {
      const [left, right] = [given(language.left, known, holds), given(language.right, known, holds)];
      if (left === language.left && right === language.right) return language;
      if (language.kind === "differ") return difference(left, right);
      const [neutral, settling] = language.kind === "and" ? [everything, nothing] : [nothing, everything];
      if (left === settling || right === settling) return settling;
      if (left === neutral) return right;
      return right === neutral ? left : { kind: language.kind, left, right };
    }
  }
}

/**
 * What `differenceOf` finds, in a search for each part of all texts: those that are in a language and those that are not,
 * and so on with the next one. Where each search has less to tell apart, all of them see far fewer states than one does;
 * a part in which the two are made of the same is not searched at all.
 *
 * @param by as `given` has them.
 * @throws TooLarge, NotAnalysable as `differenceOf` does.
 */
export function differenceInParts(left: Language, right: Language, by: readonly Language[]): Difference | undefined {
  const [text] = differingTexts(left, right, by, everything).sort(inOrderOfSearch);
  return text === undefined ? undefined : { text, isIn: contains(left, text) ? "left" : "right" };
}

/** The shortest text of each part in which there is one. */
function differingTexts(left: Language, right: Language, by: readonly Language[], among: Language): string[] {
  if (left === right) return [];
  const [known, ...others] = by;
  if (known === undefined) {
    const text = shortest(and(among, difference(left, right)));
    return text === undefined ? [] : [text];
  }
  return [true, false].flatMap((holds) => {
    const rest = madeOnce(holds ? partsInside : partsOutside, among, known, () =>
      and(holds ? known : not(known), given(among, known, holds)),
    );
    return differingTexts(given(left, known, holds), given(right, known, holds), others, rest);
  });
}

type Made = WeakMap<Language, WeakMap<Language, Language>>;

/*
 * What is made of two languages is made once: all files of a policy are compared with the same language, and all policies
 * in the same parts, so that their automata are walked once.
 */
const whereItHolds: Made = new WeakMap();
const whereItDoesNot: Made = new WeakMap();
const partsInside: Made = new WeakMap();
const partsOutside: Made = new WeakMap();

function madeOnce(made: Made, one: Language, other: Language, make: () => Language): Language {
  const ofOne = made.get(one) ?? new WeakMap<Language, Language>();
  made.set(one, ofOne);
  const found = ofOne.get(other) ?? make();
  ofOne.set(other, found);
  return found;
}

/** The order in which a search comes to texts. */
function inOrderOfSearch(one: string, other: string): number {
  const [a, b] = [[...one].map(symbolOf), [...other].map(symbolOf)];
  const at = a.findIndex((symbol, index) => symbol !== b[index]);
  return a.length - b.length || (a[at] ?? 0) - (b[at] ?? 0);
}
