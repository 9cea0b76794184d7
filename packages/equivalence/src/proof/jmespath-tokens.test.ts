import test from "ava";
import { isSameToken, jmespathTokens } from "./jmespath-tokens.js";
import { Unreadable } from "./proof.js";

test("an expression of another layout has the same tokens", (t) => {
  t.deepEqual(jmespathTokens("a[?@=='x']\n|b"), jmespathTokens("a [? @ == 'x' ] | b"));
  t.notDeepEqual(jmespathTokens("a[]"), jmespathTokens("a[ ]"));
  t.notDeepEqual(jmespathTokens("'x'"), jmespathTokens("x"));
});

test("a literal is read as JMESPath reads it", (t) => {
  t.deepEqual(jmespathTokens("'[.]$'"), [{ kind: "literal", value: "[.]$" }]);
  t.deepEqual(jmespathTokens('`["\\u0069", 1]`'), [{ kind: "literal", value: ["i", 1] }]);
  t.true(isSameToken(...(jmespathTokens("'64' `\"64\"`") as [never, never])));
  t.false(isSameToken(...(jmespathTokens("'64' `64`") as [never, never])));
  t.false(isSameToken(...(jmespathTokens("a 'a'") as [never, never])));
});

test("what is never emitted is refused", (t) => {
  for (const expression of [
    "'a",
    "'it\\'s'",
    '"quoted"',
    "`foo`",
    "`[`",
    '`"\\ud83d"`',
    "`a\\`b`",
    "a ; b",
    "a\u00a0b",
  ]) {
    t.throws(() => jmespathTokens(expression), { instanceOf: Unreadable }, expression);
  }
});
