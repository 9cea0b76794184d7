import type { Decision, ImageViolation } from "@registry-policy/language";
import test from "ava";
import { expectationFailures } from "./expectation.js";

function decided(verdict: Decision["verdict"], ...violations: ImageViolation[]): Decision {
  return { verdict, violations };
}

const first: ImageViolation = { image: "nginx", field: "spec.containers[0].image", reason: "unlisted" };
const second: ImageViolation = { image: "nginx", field: "spec.containers[1].image", reason: "unlisted" };

test("a violation is expected as deny, whatever the enforcement", (t) => {
  for (const verdict of ["deny", "warn", "audit"] as const) {
    t.deepEqual(expectationFailures({ verdict: "deny" }, decided(verdict, first)), []);
  }
  t.deepEqual(expectationFailures({ verdict: "deny" }, decided("allow")), ["`deny` is expected, and it is `allow`"]);
});

test("what nothing judged is neither allowed nor denied", (t) => {
  t.deepEqual(expectationFailures({ verdict: "allow" }, decided("out-of-scope")), [
    "nothing judged it, where `allow` is expected",
  ]);
  t.deepEqual(expectationFailures({ verdict: "out-of-scope" }, decided("out-of-scope")), []);
  t.is(expectationFailures({ verdict: "out-of-scope" }, decided("allow")).length, 1);
});

test("images are matched by the keys that are given, in any order", (t) => {
  const images = [{ field: second.field }, { image: "nginx" }];
  t.deepEqual(expectationFailures({ verdict: "deny", images }, decided("deny", first, second)), []);
});

test("an image that fits two expectations is given to the one that needs it", (t) => {
  // The first expectation fits both violations, the second only the first of them.
  const images = [{ image: "nginx" }, { field: first.field }];
  t.deepEqual(expectationFailures({ verdict: "deny", images }, decided("deny", first, second)), []);
});

test("all the violating images are listed", (t) => {
  t.deepEqual(expectationFailures({ verdict: "deny", images: [{ image: "nginx" }] }, decided("deny", first, second)), [
    "1 image is expected to violate the policy, and 2 images are found",
  ]);
});

test("an image that violates otherwise is told", (t) => {
  const images = [{ image: "nginx", reason: "denied" as const }];
  t.deepEqual(expectationFailures({ verdict: "deny", images }, decided("deny", first)), [
    "no violating image is as expected: image `nginx`, reason `denied`",
  ]);
});
