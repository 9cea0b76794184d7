import fc from "fast-check";
import { and, difference, everything, type Language, matching, not, nothing, or, preimage } from "./language.js";
import { parseExpression } from "./parse-expression.js";
import { prepending } from "./preimage-automata.js";

/** Every text of at most four characters of `a`, `b` and `/`, the shortest first. */
export const smallTexts = ["", "a", "b", "/"].reduce<string[]>(
  (texts) => {
    const longer = texts.flatMap((value) => ["a", "b", "/"].map((character) => value + character));
    return [...new Set([...texts, ...longer])];
  },
  [""],
);

/** A language that others are put together from as it is. */
export const half: Language = matching(parseExpression("^[^/]*a/"));

/** A language that a few of these texts are in. */
export const language: fc.Arbitrary<Language> = fc.letrec<{ language: Language }>((tie) => ({
  language: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc
      .constantFrom("^a", "b$", "^(?:a|b)*$", "^[^/]+/[^/]+$", "^a/(?:b.*)?$", "ab", "^(?:a|ab|abb)$", "^$", "/{2}")
      .map((expression) => matching(parseExpression(expression))),
    fc.constantFrom(everything, nothing, half),
    fc.tuple(tie("language"), tie("language")).map(([one, two]) => and(one, two)),
    fc.tuple(tie("language"), tie("language")).map(([one, two]) => or(one, two)),
    fc.tuple(tie("language"), tie("language")).map(([one, two]) => difference(one, two)),
    tie("language").map(not),
    fc.tuple(tie("language"), fc.constantFrom("a", "b/")).map(([of, start]) => preimage(of, prepending(start))),
  ),
})).language;
