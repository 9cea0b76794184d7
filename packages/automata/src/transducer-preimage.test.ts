import test from "ava";
import { everything, matching, preimage } from "./language.js";
import { parseExpression } from "./parse-expression.js";
import { appending } from "./preimage-automata.js";
import { contains, shortest } from "./search.js";
import { transducing } from "./transducer-preimage.js";

/** Leaves out the zeros in front of a number, but for the last. */
const withoutZeros = transducing({
  start: "zeros",
  step: (state, character) => {
    if (!/[0-9]/.test(character)) return [];
    if (state === "number") return [["number", character]];
    if (state === "zero") return [];
    return character === "0"
      ? [
          ["zeros", ""],
          ["zero", "0"],
        ]
      : [["number", character]];
  },
  final: ["zero", "number"],
});

test("a rewriting that tries several ways is followed backwards", (t) => {
  const goal = preimage(matching(parseExpression("^(?:0|10|7)$")), withoutZeros);
  for (const [text, isIn] of [
    ["0", true],
    ["000", true],
    ["0010", true],
    ["7", true],
    ["07", true],
    ["1", false],
    ["", false],
    ["010x", false],
    ["100", false],
  ] as const) {
    t.is(contains(goal, text), isIn, text);
  }
});

test("a text that is not rewritten is in no result", (t) => {
  t.false(contains(preimage(everything, withoutZeros), "x"));
  t.false(contains(preimage(everything, withoutZeros), ""));
  t.is(shortest(preimage(everything, withoutZeros)), "0");
});

/** What stands in front of the first `:`. */
const beforeColon = transducing({
  start: "kept",
  step: (state, character) => (state === "left" || character === ":" ? [["left", ""]] : [["kept", character]]),
  final: ["kept", "left"],
  silent: ["left"],
});

test("where nothing more is written, what was written decides", (t) => {
  const goal = preimage(matching(parseExpression("^ab?$")), beforeColon);
  for (const text of ["a", "ab", "a:", "ab:x:y"]) t.true(contains(goal, text), text);
  for (const text of ["", ":a", "b:a", "abb:", "abb"]) t.false(contains(goal, text), text);
  t.is(shortest(preimage(matching(parseExpression("^a{3}$")), beforeColon)), "aaa");
  t.true(contains(preimage(everything, beforeColon), "x:y"));
});

test("what is put behind a text is taken into account", (t) => {
  const goal = preimage(matching(parseExpression("^a+:b$")), appending(":b"));
  t.true(contains(goal, "aa"));
  t.false(contains(goal, "a:b"));
  t.false(contains(goal, ""));
});
