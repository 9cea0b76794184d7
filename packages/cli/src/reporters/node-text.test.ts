import test from "ava";
import { nodeText } from "./node-text.js";

const view = { columns: 200, colour: false };
const check = { policy: "p", target: "containers-policy", agreed: 2, lost: 1, disagreements: [] };

test("what a target agrees on is said in a line, and how much is lost", (t) => {
  const other = { ...check, policy: "q", agreed: 5 };
  t.is(
    nodeText([check, other], view),
    "✓ containers-policy, for nodes: agreed on 7 of 9 images; 2 are lost: `generate --target` says why\n",
  );
  t.is(
    nodeText([{ ...check, lost: 0 }, check], view),
    "✓ containers-policy, for nodes: agreed on 4 of 5 images; one is lost: `generate --target` says why\n",
  );
  t.is(nodeText([{ ...check, lost: 0 }], view), "✓ containers-policy, for nodes: agreed on 2 of 2 images\n");
  t.is(nodeText([], view), "");
});

test("nothing is called good on which nothing agreed", (t) => {
  t.regex(nodeText([{ ...check, agreed: 0 }], view), /^ {2}containers-policy, for nodes: agreed on 0 of 1 images/);
});

test("an image about which a node and the policy disagree is named with its request", (t) => {
  const disagreements = [{ name: "case", image: "a.io/x", admittedBy: "node" as const }];
  const [first, second] = nodeText([{ ...check, disagreements }], view).split("\n");
  t.is(first, "✗ `containers-policy` admits `a.io/x`, which the policy p refuses: case");
  t.regex(second ?? "", /^✗ containers-policy, for nodes: agreed on 2 of 4 images;/);
});
