import test from "ava";
import { parseWarning } from "./parse-warning.mjs";

test("a warning is the text in its quotes", (t) => {
  t.deepEqual(parseWarning('299 - "[bank] no"'), ["[bank] no"]);
});

test("several warnings of one header are apart, whatever commas and quotes they hold", (t) => {
  t.deepEqual(parseWarning('299 - "a, \\"b\\" \\\\ c", 299 - "d" "Sat, 21 Nov 2026 12:00:00 GMT", 299 - "e"'), [
    'a, "b" \\ c',
    "d",
    "e",
  ]);
});

test("bytes are read as UTF-8", (t) => {
  t.deepEqual(parseWarning(Buffer.from('299 - "ä"', "utf8").toString("latin1")), ["ä"]);
});
