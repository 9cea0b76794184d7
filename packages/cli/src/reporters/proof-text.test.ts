import test from "ava";
import type { PolicyProof } from "../prove-policies.js";
import { proofText } from "./proof-text.js";

const common = { policy: "p", target: "gatekeeper", title: "Gatekeeper (Rego)", file: "p.constraint.yaml" };
const text = (...proofs: PolicyProof[]) => proofText({ proofs, tested: ["Other"] }, { columns: 80, colour: false });

test("what was proved is said with what is assumed and what is not proved", (t) => {
  t.is(
    text({ ...common, outcome: "equal", assumptions: ["the engine is right"] }),
    [
      "✓ proved, for every image: what is emitted for Gatekeeper (Rego) allows what the",
      "  policy allows",
      "  assumed: the engine is right",
      "  tested alone: Other; which objects, fields and exemptions are judged",
      "",
    ].join("\n"),
  );
});

test("a difference is shown by its shortest image", (t) => {
  const different = { ...common, outcome: "different", image: "a.io/a", assumptions: [] } as const;
  t.regex(text({ ...different, allowedBy: "file" }), /^✗ `gatekeeper\/p.constraint.yaml` allows `a.io\/a`, which the/);
  t.regex(
    text({ ...different, allowedBy: "policy" }),
    /^✗ `gatekeeper\/p.constraint.yaml` refuses `a.io\/a`, which the/,
  );
  t.notRegex(text({ ...different, allowedBy: "file" }), /proved/);
});

test("what cannot be read back or compared is said", (t) => {
  t.regex(
    text({ ...common, outcome: "unreadable", problem: "no map", assumptions: [] }),
    /^✗ .* cannot be read back: no\s+map/s,
  );
  t.regex(
    text({ ...common, outcome: "too-large", problem: "many", assumptions: [] }),
    /^! .* is not proved, only\s+tested: many/s,
  );
});

test("nothing is said where nothing was read back", (t) => {
  t.is(text(), "");
});
