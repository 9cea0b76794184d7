import test from "ava";
import { readOurs } from "../files/discover.js";
import { policyOf } from "../proof/proof.test.data.js";
import { checkNode } from "./check-nodes.js";
import { emittedFor } from "./node.test.data.js";

const fixtures = `apiVersion: registry-policy.dev/v1
kind: Fixtures
cases:
  - {name: below the registry, image: a.io/x, expect: allow}
  - {name: a short name, image: nginx, expect: deny}
  - {name: below the repository, image: b.io/x/y, expect: deny}
  - {name: spelled otherwise, image: A.io/x, expect: allow}
  - {name: no image, image: "", expect: deny}
  - {name: a deletion, operation: DELETE, oldObject: {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: []}}, expect: out-of-scope}
  - name: two containers
    object: {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: a.io/x}, {name: d, image: a.io/y}]}}
    expect: allow
`;
const found = readOurs({ path: "fixtures.yaml", isNamed: true, folders: [] }, fixtures);
const cases = found.fixtures.flatMap(({ set }) => set.cases);
const policy = policyOf({ allow: ["a.io", "b.io/x"] });
const files = emittedFor(policy, "containers-policy");

test("each image of what the policy judges is compared once, and those that are lost are counted", (t) => {
  t.deepEqual(found.fixtureDiagnostics, []);
  t.deepEqual(checkNode(policy, cases, "containers-policy", files), {
    policy: "p",
    target: "containers-policy",
    agreed: 3,
    lost: 2,
    disagreements: [],
  });
});

test("what the files of another policy lose is no disagreement", (t) => {
  const other = emittedFor(policyOf({ allow: ["docker.io"] }), "containers-policy");
  t.like(checkNode(policy, cases, "containers-policy", other), { agreed: 1, lost: 4, disagreements: [] });
});

test("of a policy of which nothing can be said, everything is lost", (t) => {
  t.like(checkNode(policy, cases, "containers-policy", []), { agreed: 0, lost: 5, disagreements: [] });
});
