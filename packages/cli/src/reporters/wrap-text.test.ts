import test from "ava";
import { padText, wrapText } from "./wrap-text.js";

test("lines break between words", (t) => {
  t.deepEqual(wrapText("one two three", 7), ["one two", "three"]);
});

test("a word that is too long is broken", (t) => {
  t.deepEqual(wrapText("a abcdefgh b", 4), ["a", "abcd", "efgh", "b"]);
});

test("wide characters count as two", (t) => {
  t.deepEqual(wrapText("日本語", 4), ["日本", "語"]);
  t.is(padText("日本", 6), "日本  ");
});
