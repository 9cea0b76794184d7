import { compilePolicies, loadTemplates, targetById } from "@registry-policy/compiler";
import { type EngineHost, openEngine, startHost } from "@registry-policy/engines";
import test from "ava";
import { checkPolicies } from "../matrix/check-policies.js";
import { readPolicyCases } from "./every-target.test.data.js";

let host: EngineHost;
test.before(async () => {
  host = await startHost();
});
test.after.always(() => host?.close());

/** A user who exchanges the template has the constraints of the other for a while, or for good. */
test("a constraint that was emitted for Rego says the same under the template in CEL", async (t) => {
  const policy = readPolicyCases(
    `
images:
  defaultRegistry: mirror.corp:5000
  allow: [registry.my.com, docker.io/library/nginx, "ghcr.io/a*/b:v*", "mirror.corp:5000/**"]
  deny: [{pattern: registry.my.com/sandbox/**, reason: Never.}]
  denyTags: [latest]
  require: {tag: explicit}
exempt:
  users: ["robot-*"]
  breakGlass: {annotation: example.com/ticket, value: "INC-*"}
`,
    `
- {name: below a registry, image: "registry.my.com/x:v1", expect: allow}
- {name: in capitals with a port, image: "Registry.my.com:0443/x:v1", expect: allow}
- {name: the sandbox on any port, image: "registry.my.com:5000/sandbox/x:v1", expect: deny}
- {name: the sandbox, image: "registry.my.com/sandbox/x:v1", expect: deny}
- {name: a repository, image: "docker.io/nginx:v1", expect: allow}
- {name: a short name, image: "x:v1", expect: allow}
- {name: a wildcard, image: "ghcr.io/acme/b:v1", expect: allow}
- {name: another tag, image: "ghcr.io/acme/b:1", expect: deny}
- {name: a denied tag, image: "registry.my.com/x:latest", expect: deny}
- {name: no tag, image: registry.my.com/x, expect: deny}
- {name: an exempt user, image: "evil.io/x:v1", user: {name: robot-1}, expect: out-of-scope}
- name: a broken glass
  object: {apiVersion: v1, kind: Pod, metadata: {name: p, annotations: {example.com/ticket: INC-1}}, spec: {containers: [{name: c, image: evil.io/x}]}}
  expect: out-of-scope
`,
  );
  const [rego, cel] = ["gatekeeper", "gatekeeper-cel"].map((id) => {
    const target = targetById(id);
    if (target === undefined) throw new Error(`there is no target \`${id}\``);
    return compilePolicies([policy.found.policy], { targets: [target], templates: loadTemplates() }).artifacts;
  });
  const template = cel?.find(({ path }) => path === "gatekeeper-cel/constraint-template.yaml");
  const constraint = rego?.find(({ path }) => path === "gatekeeper/p.constraint.yaml");
  if (template === undefined || constraint === undefined) return t.fail("not all is emitted");
  const emitted = [template, { ...constraint, path: "gatekeeper-cel/p.constraint.yaml" }];
  const result = await checkPolicies([{ ...policy, emitted }], [openEngine("gatekeeper-cel", host)]);
  for (const { name, failures, disagreements } of result.policies.flatMap((judged) => judged.cases)) {
    t.deepEqual([...failures, ...[...disagreements.values()].flat()], [], name);
  }
  t.deepEqual(result.summary, { cases: policy.cases.length, disagreements: 0, failures: 0 });
});
