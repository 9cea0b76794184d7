import test from "ava";
import { disagreements, type PanelVerdict } from "./agreement.js";

function says(verdict: PanelVerdict["verdict"], ...images: string[]): PanelVerdict {
  return { verdict, images, messages: [], ...(verdict === "error" && { error: "boom" }) };
}

test("the same verdict is agreement", (t) => {
  for (const verdict of ["allow", "deny", "warn", "audit", "out-of-scope"] as const) {
    t.deepEqual(disagreements(says(verdict), says(verdict)), []);
  }
});

test("an engine that cannot tell may allow what is out of scope", (t) => {
  t.deepEqual(disagreements(says("out-of-scope"), says("allow")), []);
});

test("an engine that does not look where the reference evaluator allows is wrong", (t) => {
  t.deepEqual(disagreements(says("allow"), says("out-of-scope")), [
    "says `out-of-scope` where the reference evaluator says `allow`",
  ]);
});

test("an error is always a disagreement", (t) => {
  for (const verdict of ["allow", "deny", "out-of-scope"] as const) {
    t.deepEqual(disagreements(says(verdict), says("error")), ["could not decide: boom"]);
  }
});

test("the enforcement of the policy is part of the verdict", (t) => {
  t.is(disagreements(says("warn", "x"), says("deny", "x")).length, 1);
});

test("an engine that stops at the first image agrees", (t) => {
  t.deepEqual(disagreements(says("deny", "x", "y"), says("deny", "y")), []);
});

test("an engine that names no image is wrong where one has a name", (t) => {
  t.deepEqual(disagreements(says("deny", "x"), says("deny")), ["names none of the violating images: `x`"]);
  t.deepEqual(disagreements(says("deny"), says("deny")), []);
});

test("an engine may cut a long image short, and no other", (t) => {
  const long = "x".repeat(1_000);
  t.deepEqual(disagreements(says("deny", long), says("deny", `${"x".repeat(600)}...`)), []);
  t.is(disagreements(says("deny", long), says("deny", "xx...")).length, 2);
  t.is(disagreements(says("deny", long), says("deny", `${"y".repeat(600)}...`)).length, 2);
});

test("an engine that names an image that does not violate the policy is wrong", (t) => {
  t.deepEqual(disagreements(says("deny", "x"), says("deny", "x", "z")), [
    "names images that do not violate the policy: `z`",
  ]);
});
