import test from "ava";
import fc from "fast-check";
import { anything, sequence, text } from "./expression.js";
import { and, difference, everything, matching, not, nothing, or, preimage } from "./language.js";
import { language, smallTexts } from "./language.test.data.js";
import { parseExpression } from "./parse-expression.js";
import { loweringCase, NotAnalysable, prepending, replacingStart } from "./preimage-automata.js";
import { contains, differenceOf, notIncluded, shortest } from "./search.js";

const only = matching(parseExpression("^[ab/]*$"));

test("combinations contain what they should", (t) => {
  fc.assert(
    fc.property(language, language, (one, two) => {
      const wrong = smallTexts.filter((value) => {
        const [left, right] = [contains(one, value), contains(two, value)];
        return (
          contains(and(one, two), value) !== (left && right) ||
          contains(or(one, two), value) !== (left || right) ||
          contains(difference(one, two), value) !== (left !== right) ||
          contains(not(one), value) === left ||
          contains(preimage(one, prepending("b")), value) !== contains(one, `b${value}`)
        );
      });
      t.deepEqual(wrong, []);
    }),
    { seed: 1, numRuns: 500 },
  );
});

test("equality, inclusion and the shortest text are what trying every short text finds", (t) => {
  let equal = 0;
  let included = 0;
  fc.assert(
    fc.property(language, language, (left, right) => {
      const [one, two] = [and(left, only), and(right, only)];
      const first = smallTexts.find((value) => contains(one, value));
      const found = shortest(one);
      // What a text of four characters does not show, a longer one may.
      if (first !== undefined) t.is(found, first);
      else t.true(found === undefined || found.length > 4, found);

      const differs = smallTexts.find((value) => contains(one, value) !== contains(two, value));
      const difference = differenceOf(one, two);
      if (difference === undefined) equal += 1;
      if (differs !== undefined) {
        t.deepEqual(difference, { text: differs, isIn: contains(one, differs) ? "left" : "right" });
      } else t.true(difference === undefined || difference.text.length > 4);

      const outside = smallTexts.find((value) => contains(one, value) && !contains(two, value));
      const witness = notIncluded(one, two);
      if (witness === undefined) included += 1;
      if (outside !== undefined) t.is(witness, outside);
      else t.true(witness === undefined || witness.length > 4);
    }),
    { seed: 1, numRuns: 1000 },
  );
  t.true(equal > 50, String(equal));
  t.true(included > 100, String(included));
});

test("a rewriting of the beginning is followed backwards", (t) => {
  const start = parseExpression("^(?:a|bb?)/$");
  const goal = matching(parseExpression("^x[ab]*$"));
  const before = preimage(goal, replacingStart(start, "x"));
  for (const value of smallTexts) {
    const rest = /^(?:a|bb?)\/(.*)$/s.exec(value)?.[1];
    t.is(contains(before, value), rest !== undefined && /^[ab]*$/.test(rest), value);
  }
});

test("a rewriting of which it is not clear what it matches is refused", (t) => {
  t.throws(() => replacingStart(anything, ""), { instanceOf: NotAnalysable });
  t.throws(() => replacingStart(parseExpression("^a?$"), ""), { instanceOf: NotAnalysable });
  const unclear = preimage(everything, replacingStart(parseExpression("^aa?$"), ""));
  t.throws(() => shortest(unclear), { instanceOf: NotAnalysable });
});

test("lower case is that of Unicode", (t) => {
  const lower = preimage(matching(sequence(text("ks"))), loweringCase);
  t.true(contains(lower, "KS"));
  t.true(contains(lower, "\u212as"));
  t.false(contains(lower, "k\u017f"));
});

test("of the shortest texts the most readable is shown", (t) => {
  t.is(shortest(matching(parseExpression("^[!-~]{3}$"))), "aaa");
  t.is(shortest(matching(parseExpression("^[A-Z0-9/]$"))), "0");
  t.is(shortest(matching(parseExpression("^[^a-z]{2}$"))), "00");
  t.is(shortest(nothing), undefined);
  t.is(shortest(everything), "");
});
