import { contains, matching, not, type Preimage, preimage, text } from "@registry-policy/automata";
import test from "ava";
import fc from "fast-check";
import { nameExpression, nameInQuotes, nameOfReference } from "./jmespath-rewritings.js";

const pieces = ["a", "b", "/", "/", ":", "@", ":443", ":0443/", "0", "4", "43", "443/", "."];
const subject = fc.array(fc.constantFrom(...pieces), { maxLength: 9 }).map((all) => all.join(""));

/** Asks whether the rewriting makes just this of a text. */
function makes(rewriting: Preimage, value: string, expected: string): boolean {
  const only = matching(text(expected));
  return contains(preimage(only, rewriting), value) && !contains(preimage(not(only), rewriting), value);
}

const component = '/[^/":@]+';
for (const path of ['((?:/[^/":@]+)*)', "(/)?", `(${component}/)?`, `(${component}${component}/)?`]) {
  test(`the name in quotes is what ${path} finds`, (t) => {
    const expression = `"([^/":]*)(?::0*443)?${path}[^"]*"`;
    const rewriting = nameInQuotes(expression);
    if (rewriting === undefined) return t.fail("it is not known");
    fc.assert(
      fc.property(subject, (value) => {
        // What these signs mean in JavaScript they mean in RE2.
        const expected = `"${value}"`.replace(new RegExp(expression, "g"), "$1$2");
        t.true(makes(rewriting, value, expected), `${value} ${expected}`);
      }),
      { numRuns: 1500 },
    );
  });
}

test("the name of a reference is what is left of it", (t) => {
  fc.assert(
    fc.property(subject, (value) => {
      const expected = value.replace(new RegExp(nameExpression, "g"), "$1");
      t.true(makes(nameOfReference, value, expected), `${value} ${expected}`);
    }),
    { numRuns: 3000 },
  );
});

test("another expression is not known", (t) => {
  for (const path of ["(/a)?", '((?:/[^/":@]+)+)', '(/[^/":@]+)?', ""]) {
    t.is(nameInQuotes(`"([^/":]*)(?::0*443)?${path}[^"]*"`), undefined, path);
  }
  t.is(nameInQuotes('"([^/":]*)(/)?[^"]*"'), undefined);
});
