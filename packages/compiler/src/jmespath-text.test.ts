import test from "ava";
import { jmespathExpression, jmespathText, withoutSpaces } from "./jmespath-text.js";

test("plain text is a raw string", (t) => {
  t.is(jmespathText("registry.my.com/team/"), "'registry.my.com/team/'");
});

test("what Kyverno would look into is escaped", (t) => {
  t.is(jmespathText("{{ x }}"), '`"\\u007b\\u007b x \\u007d\\u007d"`');
  t.is(jmespathText("$(x)"), '`"\\u0024(x)"`');
  t.is(jmespathText("a `b`"), '`"a \\u0060b\\u0060"`');
  t.is(jmespathText("it's"), '`"it\'s"`');
  t.is(jmespathText("my images"), '`"my \\u0069mages"`');
});

test("an expression never says the word at which Kyverno parses all images", (t) => {
  t.is(jmespathExpression("^a[.]b/images/.+$"), "'^a[.]b/[i]mages/.+$'");
});

test("a lone surrogate is refused", (t) => {
  t.throws(() => jmespathText("\ud800"), { instanceOf: RangeError });
});

test("spaces are left out where they separate, and nowhere else", (t) => {
  t.is(withoutSpaces('[a, b] | \n c == \'d  e\' && `[" "]` || "f \\" g" '), '[a,b]|\nc==\'d  e\'&&`[" "]`||"f \\" g"');
});
