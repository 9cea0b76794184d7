import test from "ava";
import fc from "fast-check";
import { differenceInParts, given } from "./given.js";
import { and, difference, everything, matching, not, nothing, or } from "./language.js";
import { half, language, smallTexts } from "./language.test.data.js";
import { parseExpression } from "./parse-expression.js";
import { contains, differenceOf } from "./search.js";

test("among the texts of a language, another one has the texts that it had", (t) => {
  let changed = 0;
  fc.assert(
    fc.property(language, (one) => {
      for (const holds of [true, false]) {
        const rest = given(one, half, holds);
        if (rest !== one) changed += 1;
        const texts = smallTexts.filter((text) => contains(half, text) === holds);
        t.deepEqual(
          texts.filter((text) => contains(rest, text) !== contains(one, text)),
          [],
        );
      }
    }),
    { seed: 1, numRuns: 500 },
  );
  t.true(changed > 100, String(changed));
});

test("what is settled is left out", (t) => {
  const [one, other] = ["a", "b"].map((expression) => matching(parseExpression(expression))) as [never, never];
  const parts = or(and(half, one), and(not(half), other));
  t.is(given(parts, half, true), one);
  t.is(given(parts, half, false), other);
  t.is(given(not(and(half, not(nothing))), half, true), nothing);
  t.is(given(or(not(half), one), half, false), everything);
  t.is(given(one, half, true), one);
});

test("parts show the difference that the whole shows", (t) => {
  let different = 0;
  fc.assert(
    fc.property(language, language, (one, other) => {
      // Half of the time the two are nearly the same.
      for (const right of [other, difference(one, and(half, other))]) {
        const whole = differenceOf(one, right);
        if (whole !== undefined) different += 1;
        for (const by of [[], [half], [half, other]]) t.deepEqual(differenceInParts(one, right, by), whole);
      }
    }),
    { seed: 1, numRuns: 500 },
  );
  t.true(different > 100 && different < 900, String(different));
});
