import test from "ava";
import fc from "fast-check";
import { matching } from "./language.js";
import { parseExpression, UnknownExpression } from "./parse-expression.js";
import { contains } from "./search.js";

/** Expressions whose meaning in JavaScript is that in RE2. */
const expressionText: fc.Arbitrary<string> = fc.letrec<{ whole: string; sequence: string; atom: string }>((tie) => ({
  whole: fc.array(tie("sequence"), { minLength: 1, maxLength: 3 }).map((items) => items.join("|")),
  sequence: fc
    .array(fc.tuple(tie("atom"), fc.constantFrom("", "", "", "*", "+", "?", "{2}", "{1,2}", "{1,}", "{0,3}", "*?")), {
      maxLength: 4,
    })
    .map((items) => items.flat().join("")),
  atom: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.constantFrom("a", "b", "/", ":", ".", "[.]", "[^/:@]", "[a-b]", "[ab-]", "\\.", "\\d", "[^a]", "[:@]", "1"),
    tie("whole").map((inner) => `(?:${inner})`),
    tie("whole").map((inner) => `(${inner})`),
  ),
})).whole;

const subject = fc.string({ unit: fc.constantFrom(..."ab1/:.@A\n"), maxLength: 8 });

test("an expression matches what JavaScript says that it matches", (t) => {
  let matched = 0;
  const ends = fc.constantFrom("", "^", "$", "^$");
  fc.assert(
    fc.property(
      expressionText,
      ends,
      fc.array(subject, { minLength: 20, maxLength: 20 }),
      (text, anchors, subjects) => {
        const begin = anchors.includes("^") ? "^" : "";
        const end = anchors.includes("$") ? "$" : "";
        const whole = `${begin}(?:${text})${end}`;
        const expected = new RegExp(whole);
        const language = matching(parseExpression(whole));
        for (const value of subjects) {
          if (expected.test(value)) matched += 1;
          t.is(contains(language, value), expected.test(value), `${whole} ${JSON.stringify(value)}`);
        }
      },
    ),
    { seed: 1, numRuns: 500 },
  );
  t.true(matched > 5000, String(matched));
});

test("what means something else in JavaScript means what it does in RE2", (t) => {
  const is = (expression: string, value: string) => contains(matching(parseExpression(expression)), value);
  t.true(is("^[][,]$", "]"));
  t.true(is("^[][,]$", "["));
  t.false(is("^[][,]$", "a"));
  t.true(is("^[[]x[]]$", "[x]"));
  t.true(is("^[]a]+$", "]a"));
  t.false(is("^[^]a]$", "]"));
  t.true(is("(?i:docker)", "DoC\u212aER"));
  t.true(is("(?i:s)", "\u017f"));
  t.false(is("^(?i:d)s$", "DS"));
  t.true(is("^(?i:a(?-i:[Ss])a)$", "ASa"));
  t.false(is("^(?i:a(?-i:[Ss])a)$", "a\u017fa"));
  t.true(is("(?s)^a.*$", "a\n"));
  t.false(is("^a.*$", "a\n"));
  t.false(is("^a$", "a\n"));
  t.true(is("^[^/]$", "\n"));
  t.true(is("^[^/]$", "ü"));
  t.false(is("^[a-z]$", "ü"));
  t.true(is("a", "xay"));
  t.true(is("^a|b$", "ax"));
  t.true(is("^a|b$", "xb"));
  t.false(is("^a|b$", "xa"));
  t.true(is("^(?:a|)$", ""));
  t.true(is("^a{0,127}$", "a".repeat(127)));
  t.false(is("^a{0,127}$", "a".repeat(128)));
});

test("what is never emitted is refused, not guessed at", (t) => {
  for (const expression of [
    "(?m)^a$",
    "(?m:a)",
    "(?P<x>a)",
    "(?U)a",
    "\\ba",
    "\\pL",
    "[[:alpha:]]",
    "a{,2}",
    "a{",
    "a{2,1}",
    "a{1001}",
    "a**",
    "a+*",
    "*a",
    "(a",
    "a)",
    "[a",
    "[]",
    "[b-a]",
    "[\\d-z]",
    "a^b",
    "a$b",
    "(?:^a)",
    "(?:a$)",
    "\\1",
    "\\",
    "ü",
    "\\x41",
    "\\Qa\\E",
    "\\C",
    "(?=a)",
  ]) {
    t.throws(() => parseExpression(expression), { instanceOf: UnknownExpression }, expression);
  }
});
