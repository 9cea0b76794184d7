import test from "ava";
import { nestedDeeper } from "./nested-deeper.js";

const nested = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;

test("depth is counted, not length", (t) => {
  t.false(nestedDeeper(nested(10), 10));
  t.true(nestedDeeper(nested(11), 10));
  t.true(nestedDeeper(`{"a":${nested(10)}}`, 10));
  t.false(nestedDeeper(`[${`${nested(9)},`.repeat(100)}0]`, 10));
});

test("brackets in strings do not count", (t) => {
  t.false(nestedDeeper(JSON.stringify(['[{"\\'.repeat(100), "\\", "[".repeat(100)]), 10));
  t.true(nestedDeeper(`["\\\\",${nested(11)}]`, 10));
});
