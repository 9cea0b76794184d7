import test from "ava";
import { celTokens, matchForm } from "./cel-tokens.js";
import { Unreadable } from "./proof.js";

test("an expression of another layout has the same tokens", (t) => {
  t.deepEqual(celTokens("a.b('x') // said\n  && c"), celTokens("a . b( 'x' )&&c"));
  t.notDeepEqual(celTokens("a.b('x')"), celTokens("a.b(x)"));
});

test("a text is read as CEL reads it", (t) => {
  t.deepEqual(celTokens("'it\\'s // \\\\ \\u0041'"), [{ kind: "text", text: "it's // \\ A" }]);
  t.deepEqual(celTokens("'[^\\\\]'"), [{ kind: "text", text: "[^\\]" }]);
});

test("what is never emitted is refused", (t) => {
  for (const expression of ['"x"', "'a", "'a\nb'", "r'a\\d'", "a = b", "'\\x41'", "`a`", "a; b"]) {
    const refused = () => {
      // A raw text is two tokens here, which no known form has.
      if (matchForm("'{any}'", expression) === undefined) throw new Unreadable("another form");
    };
    t.throws(refused, { instanceOf: Unreadable }, expression);
  }
});

test("a form matches any text where it has a name in braces, and the same text for the same name", (t) => {
  t.deepEqual(matchForm("f('{a}', '{b}')", "f('1', '2')"), { a: "1", b: "2" });
  t.deepEqual(matchForm("f('{a}', '{a}')", "f('1', '1')"), { a: "1" });
  t.is(matchForm("f('{a}', '{a}')", "f('1', '2')"), undefined);
  t.is(matchForm("f('{a}')", "f(a)"), undefined);
  t.is(matchForm("f('{a}')", "f('a') || true"), undefined);
  t.is(matchForm("f('a')", "f('b')"), undefined);
});
