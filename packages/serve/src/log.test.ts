import test from "ava";
import { shortened } from "./log.js";

test("a text is as long as it may be in bytes of JSON, and cut between two characters", (t) => {
  t.is(shortened("x".repeat(512)), "x".repeat(512));
  t.is(shortened("x".repeat(513)), `${"x".repeat(512)}…`);
  t.is(shortened('a"\\b', 6), 'a"\\b');
  t.is(shortened('a"\\b', 5), 'a"\\…');
  t.is(shortened("\u0000\u0001", 12), "\u0000\u0001");
  t.is(shortened("\u0000\u0001", 11), "\u0000…");
  t.is(shortened("ää", 3), "ä…");
  t.is(shortened("😀😀", 7), "😀…");
  t.is(shortened("\ud800x", 6), "\ud800…");
  t.is(shortened(""), "");
});
