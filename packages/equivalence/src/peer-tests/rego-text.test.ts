import test from "ava";
import { regoText } from "./rego-text.js";

test("a value is laid out as opa fmt does it: what is alone in its list or object stands on the line", (t) => {
  const value = { spec: { containers: [{ name: "a", image: "b" }] }, empty: {}, none: [], list: [1, true, null] };
  t.is(
    regoText(value, "\t"),
    `{
\t\t"spec": {"containers": [{
\t\t\t"name": "a",
\t\t\t"image": "b",
\t\t}]},
\t\t"empty": {},
\t\t"none": [],
\t\t"list": [
\t\t\t1,
\t\t\ttrue,
\t\t\tnull,
\t\t],
\t}`,
  );
});

test("a text is the same text in Rego, and a field without a value is left out", (t) => {
  const text = 'a"b\\c\n{{x}}\u2028é😀\ud800`';
  const written = regoText({ [text]: text, none: undefined });
  t.regex(written, /^[\x20-\x7e]+$/);
  t.deepEqual(JSON.parse(written), { [text]: text });
});
