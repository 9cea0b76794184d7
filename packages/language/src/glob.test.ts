import test from "ava";
import fc from "fast-check";
import { matchesGlob } from "./glob.js";

/** The same, by the regular expression that a reader would write. */
function matchesRegExp(glob: string, text: string, atLeast: 0 | 1): boolean {
  const body = glob.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", atLeast === 0 ? "[^]*" : "[^]+");
  return new RegExp(`^${body}$`).test(text);
}

test("a glob matches what the regular expression of the same meaning matches", (t) => {
  const glob = fc.string({ unit: fc.constantFrom("*", "a", "b", "."), maxLength: 7 });
  const text = fc.string({ unit: fc.constantFrom("a", "b", ".", "*", "\n"), maxLength: 9 });
  fc.assert(
    fc.property(glob, text, fc.constantFrom(0, 1), (pattern, value, atLeast) => {
      t.is(matchesGlob(pattern, value, atLeast), matchesRegExp(pattern, value, atLeast));
    }),
    { numRuns: 20_000 },
  );
});

test("a hostile glob ends on a hostile text", (t) => {
  t.false(matchesGlob(`${"*a".repeat(1000)}b`, "a".repeat(100_000)));
  t.true(matchesGlob(`${"*a".repeat(1000)}*`, "a".repeat(100_000)));
});
