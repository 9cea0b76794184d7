import test from "ava";
import { celText, celTexts } from "./cel-text.js";

const cases = [
  ["registry.my.com/", "'registry.my.com/'"],
  [`'+string(object)+'`, String.raw`'\'+string(object)+\''`],
  [`say "no"`, `'say "no"'`],
  ["a\\", String.raw`'a\\'`],
  [String.raw`\"`, String.raw`'\\"'`],
  [String.raw`\'`, String.raw`'\\\''`],
  ["two\nlines\t\u0000", String.raw`'two\nlines\t\u0000'`],
  ["{{ x }} $(y)", "'{{ x }} $(y)'"],
] as const;

for (const [text, expected] of cases) {
  test(`${JSON.stringify(text)} is ${expected}`, (t) => t.is(celText(text), expected));
}

test("half of a surrogate pair cannot be carried", (t) => {
  t.throws(() => celText("\ud800"), { instanceOf: RangeError });
});

test("a list is sorted, each text once", (t) => {
  t.is(celTexts(["b", "a", "b"]), "['a', 'b']");
});

test("a long list has one text a line", (t) => {
  const texts = Array.from({ length: 9 }, (_, index) => `registry-${index}.example.com/`);
  t.is(celTexts(texts, "  ").split("\n")[1], "    'registry-0.example.com/',");
});
