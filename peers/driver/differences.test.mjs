import test from "ava";
import { differences } from "./differences.mjs";

const written = [
  { id: "a", name: "an allow", verdict: "allow" },
  { id: "b", name: "a deny", verdict: "deny" },
  { id: "c", name: "out of scope", verdict: "out-of-scope" },
];
const outcomes = (...results) => results.map((result, index) => ({ id: "abc"[index], result, words: "" }));

test("cases that passed, and one that is out of scope and was not judged, are as they should be", (t) => {
  t.deepEqual(differences(written, outcomes("passed", "passed", "excluded")), []);
  t.deepEqual(differences(written, outcomes("passed", "passed", "passed")), []);
});

test("a case that was not judged is no pass where a verdict is expected", (t) => {
  t.deepEqual(differences(written, outcomes("excluded", "excluded", "excluded")), [
    "`an allow`, where `allow` is expected, was excluded",
    "`a deny`, where `deny` is expected, was excluded",
  ]);
});

test("a case that was skipped is no pass, whatever is expected", (t) => {
  t.is(differences(written, outcomes("skipped", "skipped", "skipped")).length, 3);
});

test("a case that failed is told of with the command's words", (t) => {
  const failed = [{ id: "b", result: "failed", words: "Want fail, got pass" }];
  t.deepEqual(differences([written[1]], failed), [
    "`a deny`, where `deny` is expected, was failed: Want fail, got pass",
  ]);
});

test("every case that was written is run once, and no other", (t) => {
  const [first, , third] = outcomes("passed", "passed", "passed");
  t.deepEqual(differences(written, [first, third, third, { ...first, id: "z" }]), [
    "`a deny` was not run",
    "`out of scope` was run 2 times",
    "`z` was run and never written",
  ]);
});
