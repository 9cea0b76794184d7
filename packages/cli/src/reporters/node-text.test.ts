import test from "ava";
import { nodeText } from "./node-text.js";

const view = { columns: 200, colour: false };
const check = { policy: "p", target: "containers-policy", agreed: 2, lost: 1, unasked: 3, disagreements: [] };

test("what a target was compared about is said in a line, and why it was not about the rest", (t) => {
  const other = { ...check, policy: "q", agreed: 5 };
  t.is(
    nodeText([check, other], view),
    "✓ containers-policy, for nodes: agreed on 7 of 7 images; not compared: " +
      "2 that are lost (`generate --target` says why), 6 that are more than an image or out of scope\n",
  );
  t.is(
    nodeText([{ ...check, lost: 0, unasked: 0 }], view),
    "✓ containers-policy, for nodes: agreed on 2 of 2 images\n",
  );
  t.is(nodeText([], view), "");
});

test("nothing is called good that was not compared", (t) => {
  t.regex(nodeText([{ ...check, agreed: 0 }], view), /^ {2}containers-policy, for nodes: agreed on 0 of 0 images/);
});

test("an image about which a node and the policy disagree is named with its fixture", (t) => {
  const disagreements = [{ name: "case", image: "a.io/x", admittedBy: "node" as const }];
  const [first, second] = nodeText([{ ...check, disagreements }], view).split("\n");
  t.is(first, "✗ `containers-policy` admits `a.io/x`, which the policy p refuses: case");
  t.regex(second ?? "", /^✗ containers-policy, for nodes: agreed on 2 of 3 images;/);
});
