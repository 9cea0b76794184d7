import test from "ava";
import { nodeText } from "./node-text.js";

const view = { columns: 200, colour: false };
const check = { policy: "p", target: "containers-policy", agreed: 2, lost: 1, unasked: 3, disagreements: [] };

test("how many fixtures a node was compared about is said, and why not about the others", (t) => {
  t.is(
    nodeText([check], view),
    "✓ containers-policy, policy p: 2 images agree, 0 do not; not compared: 1 that are lost, 3 that are more than an image or out of scope\n",
  );
  t.is(nodeText([], view), "");
});

test("an image about which a node and the policy disagree is named with its fixture", (t) => {
  const disagreements = [{ name: "case", image: "a.io/x", admittedBy: "node" as const }];
  const [first, second] = nodeText([{ ...check, disagreements }], view).split("\n");
  t.is(first, "✗ `containers-policy` admits `a.io/x`, which the policy p refuses: case");
  t.regex(second ?? "", /^✗ containers-policy, policy p: 2 images agree, 1 do not/);
});
