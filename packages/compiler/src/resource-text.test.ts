import test from "ava";
import fc from "fast-check";
import { parse } from "yaml";
import { resourceText } from "./resource-text.js";

test("what YAML 1.1 reads as something else than text is quoted", (t) => {
  const words = [
    "no",
    "on",
    "Y",
    "true",
    "null",
    "~",
    "1e3",
    "0o7",
    "12:30",
    "1_000",
    "2020-01-01",
    ".5",
    "=",
    "<<",
    "",
  ];
  for (const word of words) t.is(resourceText({ word }), `word: ${JSON.stringify(word)}\n`);
});

test("a word, a path and a sentence stand as they are", (t) => {
  for (const text of ["Enforce", "apps/v1", "public.ecr.aws/nginx", "Run only what we build."]) {
    t.is(resourceText({ text }), `text: ${text}\n`);
  }
});

test("a text of several lines is a block", (t) => {
  t.is(resourceText({ text: "a.b/**\nc.d/e" }), "text: |-\n  a.b/**\n  c.d/e\n");
});

test("any text is read back as it was, by YAML 1.2 and 1.1", (t) => {
  const text = fc.oneof(fc.string(), fc.string({ unit: "grapheme" }), fc.stringMatching(/^[ \n#:|>&*!'"a-z0-9-]*$/));
  fc.assert(
    fc.property(fc.array(text), fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), text), (list, object) => {
      const value = { list, object };
      for (const version of ["1.2", "1.1"] as const) t.deepEqual(parse(resourceText(value), { version }), value);
    }),
    { seed: 1, numRuns: 500 },
  );
});
