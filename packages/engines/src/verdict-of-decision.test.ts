import test from "ava";
import { verdictOfDecision } from "./verdict-of-decision.js";

const violation = { image: "evil/x", field: "spec.containers[0].image", reason: "unlisted", msg: "no" };
const decision = { scope: true, violations: [violation, { ...violation, msg: "no again" }], enforcement: "warn" };

test("violations get the verdict of the enforcement, each image once, each message", (t) => {
  t.deepEqual(verdictOfDecision([{ result: decision }]), {
    verdict: "warn",
    images: ["evil/x"],
    messages: ["no", "no again"],
  });
});

test("no violation is an admission, whatever the enforcement", (t) => {
  for (const enforcement of ["deny", "warn", "audit"]) {
    t.is(verdictOfDecision([{ result: { scope: true, violations: [], enforcement } }]).verdict, "allow");
  }
});

test("what is out of scope is that", (t) => {
  t.is(verdictOfDecision([{ result: { ...decision, scope: false, violations: [] } }]).verdict, "out-of-scope");
});

const undecided: Record<string, unknown> = {
  "no result at all, which is an undefined entrypoint": [],
  "two results": [{ result: decision }, { result: decision }],
  "a result that is no object": [{ result: true }],
  "a result without a result": [{}],
  null: [null],
  "no list": { result: decision },
  "an unknown enforcement": [{ result: { ...decision, enforcement: "Deny" } }],
  "a scope that is no boolean": [{ result: { ...decision, scope: "yes" } }],
  "violations that are no list": [{ result: { ...decision, violations: { a: violation } } }],
  "a violation that is a string": [{ result: { ...decision, violations: ["evil/x"] } }],
  "a violation without an image": [{ result: { ...decision, violations: [{ msg: "no" }] } }],
  "violations out of scope": [{ result: { ...decision, scope: false } }],
};

for (const [name, results] of Object.entries(undecided)) {
  test(`${name} is an error, never an admission`, (t) => {
    const { verdict, images, error } = verdictOfDecision(results);
    t.is(verdict, "error");
    t.deepEqual(images, []);
    t.regex(error ?? "", /^the policy made no decision: /);
    t.true((error ?? "").length < 400);
  });
}
