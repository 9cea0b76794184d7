import { type Policy, parsePolicies } from "@registry-policy/language";
import test from "ava";
import { scopeChanges } from "./scope-changes.js";

function policyOf(spec: object): Policy {
  const text = JSON.stringify({
    apiVersion: "registry-policy.dev/v1",
    kind: "RegistryPolicy",
    metadata: { name: "p" },
    spec: { images: { allow: ["a.io"] }, ...spec },
  });
  const [policy] = parsePolicies({ text, file: "p" }).policies;
  if (policy === undefined) throw new Error(text);
  return policy;
}

/** Both directions: what the change says, and what its reversal says. */
function changes(old: object, now: object): string[][] {
  const said = (one: object, two: object) =>
    scopeChanges(policyOf(one), policyOf(two)).map(({ field, effect, message }) => `${field} ${effect}: ${message}`);
  return [said(old, now), said(now, old)];
}

test("nothing changes between a policy and itself, in another order", (t) => {
  const one = {
    match: {
      kinds: ["Pod", "Job"],
      namespaces: ["a-*", "b"],
      namespaceSelector: { matchExpressions: [{ key: "k", operator: "In", values: ["x", "y"] }] },
    },
    exempt: { users: ["é*", "a"], groups: ["g"] },
  };
  const two = {
    match: {
      kinds: ["Job", "Pod"],
      namespaces: ["b", "a-*", "a-b"],
      namespaceSelector: { matchExpressions: [{ key: "k", operator: "In", values: ["y", "x"] }] },
    },
    exempt: { users: ["a", "é*"], groups: ["g"] },
  };
  t.deepEqual(changes(one, two), [[], []]);
});

test("a weaker enforcement widens", (t) => {
  t.deepEqual(changes({}, { enforcement: "warn" }), [
    ["enforcement widened: `deny` becomes `warn`"],
    ["enforcement narrowed: `warn` becomes `deny`"],
  ]);
});

test("a kind that is left out is named", (t) => {
  t.deepEqual(changes({ match: { kinds: ["Pod", "Job"] } }, { match: { kinds: ["Pod"] } }), [
    ["match.kinds widened: `Job` is judged no more"],
    ["match.kinds narrowed: `Job` is judged now"],
  ]);
});

test("namespaces are compared by what they match", (t) => {
  t.deepEqual(changes({}, { match: { excludeNamespaces: ["kube-*"] } }), [
    ["match.namespaces widened: the namespace `kube-a` is judged no more"],
    ["match.namespaces narrowed: the namespace `kube-a` is judged now"],
  ]);
  t.deepEqual(changes({ match: { namespaces: ["team-*"] } }, { match: { namespaces: ["*-prod"] } })[0], [
    "match.namespaces widened: the namespace `team-a` is judged no more",
    "match.namespaces narrowed: the namespace `a-prod` is judged now",
  ]);
});

test("a selector that comes, goes or changes is said, with labels that show it", (t) => {
  const selector = (namespaceSelector: object) => ({ match: { namespaceSelector } });
  const field = "match.namespaceSelector";
  const one = selector({ matchLabels: { a: "1" } });
  t.deepEqual(changes({}, one), [
    [`${field} widened: namespaces without labels are judged no more`],
    [`${field} narrowed: namespaces without labels are judged now`],
  ]);
  t.deepEqual(changes(one, selector({ matchLabels: { a: "2" } }))[0], [
    `${field} widened: namespaces with the labels \`a=1\` are judged no more`,
    `${field} narrowed: namespaces with the labels \`a=2\` are judged now`,
  ]);
  const notIn = (...values: string[]) => selector({ matchExpressions: [{ key: "tier", operator: "NotIn", values }] });
  t.deepEqual(changes(notIn("dev"), notIn("dev", "test")), [
    [`${field} widened: namespaces with the labels \`tier=test\` are judged no more`],
    [`${field} narrowed: namespaces with the labels \`tier=test\` are judged now`],
  ]);
  const same = selector({ matchExpressions: [{ key: "a", operator: "In", values: ["1"] }] });
  t.deepEqual(changes(one, same), [[], []]);
});

test("exemptions are compared by whom they cover", (t) => {
  const old = { exempt: { users: ["system:serviceaccount:flux:*"], groups: ["admins"] } };
  const now = { exempt: { users: ["system:serviceaccount:*"], groups: ["*"] } };
  t.deepEqual(changes(old, now), [
    [
      "exempt.users widened: the user `system:serviceaccount:` is exempt now",
      "exempt.groups widened: the group `a` is exempt now",
    ],
    [
      "exempt.users narrowed: the user `system:serviceaccount:` is exempt no more",
      "exempt.groups narrowed: the group `a` is exempt no more",
    ],
  ]);
  t.deepEqual(changes({ exempt: { users: ["é"] } }, { exempt: { users: ["ü"] } })[0], [
    "exempt.users widened: the user `ü` is exempt now",
    "exempt.users narrowed: the user `é` is exempt no more",
  ]);
});

test("a broken glass is compared by annotation and value", (t) => {
  const glass = (annotation: string, value?: string) => ({
    exempt: { breakGlass: { annotation, ...(value !== undefined && { value }) } },
  });
  t.deepEqual(changes({}, glass("a/b")), [
    ["exempt.breakGlass widened: the annotation `a/b` lifts the policy now"],
    ["exempt.breakGlass narrowed: the annotation `a/b` lifts the policy no more"],
  ]);
  t.deepEqual(changes(glass("a/b", "INC-*"), glass("a/b"))[0], [
    "exempt.breakGlass widened: an empty value lifts the policy now",
  ]);
  t.deepEqual(changes(glass("a/b"), glass("a/c"))[0], [
    "exempt.breakGlass both: `a/c` lifts the policy, and `a/b` no more",
  ]);
  t.deepEqual(changes(glass("a/b", "*"), glass("a/b")), [[], []]);
});
