import { type Artifact, compilePolicies, loadTemplates, targetById } from "@registry-policy/compiler";
import { type EngineHost, type LocalEngineId, openEngine, startHost } from "@registry-policy/engines";
import test, { type ExecutionContext } from "ava";
import type { PolicyCases } from "../files/assign-fixtures.js";
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
  const template = emittedFor("gatekeeper-cel", policy, "constraint-template.yaml");
  const constraint = emittedFor("gatekeeper", policy, "p.constraint.yaml");
  const emitted = [template, { ...constraint, path: "gatekeeper-cel/p.constraint.yaml" }];
  await sayWhatIsExpected(t, "gatekeeper-cel", policy, emitted);
});

/** The API server leaves out of what is stored what the schema of the template does not know, and asks nothing of it anew. */
for (const [list, cases] of [
  ["allow: [registry.my.com]", "- {name: an image of another registry, image: evil.io/x, expect: deny}"],
  ["deny: [registry.my.com]", "- {name: an image that is denied, image: registry.my.com/x, expect: deny}"],
] as const) {
  test(`a constraint that was emitted for CEL lets nothing pass under the template in Rego: ${list}`, async (t) => {
    const policy = readPolicyCases(`images: {${list}}`, cases);
    const template = emittedFor("gatekeeper", policy, "constraint-template.yaml");
    const constraint = emittedFor("gatekeeper-cel", policy, "p.constraint.yaml");
    const stored = [
      { ...template, content: without(template.content, /^ *required: \[expression\]\n/gm) },
      {
        path: "gatekeeper/p.constraint.yaml",
        content: without(constraint.content, /^ *names:\n *registry.my.com\/: true\n/m),
      },
    ];
    await sayWhatIsExpected(t, "gatekeeper", policy, stored);
  });
}

function emittedFor(id: "gatekeeper" | "gatekeeper-cel", { found }: PolicyCases, name: string): Artifact {
  const target = targetById(id);
  if (target === undefined) throw new Error(`there is no target \`${id}\``);
  const { artifacts } = compilePolicies([found.policy], { targets: [target], templates: loadTemplates() });
  const artifact = artifacts.find(({ path }) => path === `${id}/${name}`);
  if (artifact === undefined) throw new Error(`\`${id}\` emits no \`${name}\``);
  return artifact;
}

function without(content: Artifact["content"], part: RegExp): string {
  const left = String(content).replace(part, "");
  if (left === content) throw new Error(`there is no ${part} in\n${content}`);
  return left;
}

async function sayWhatIsExpected(
  t: ExecutionContext,
  id: LocalEngineId,
  policy: PolicyCases,
  emitted: readonly Artifact[],
) {
  const result = await checkPolicies([{ ...policy, emitted }], [openEngine(id, host)]);
  for (const { name, failures, disagreements } of result.policies.flatMap((judged) => judged.cases)) {
    t.deepEqual([...failures, ...[...disagreements.values()].flat()], [], name);
  }
  t.deepEqual(result.summary, { cases: policy.cases.length, disagreements: 0, failures: 0 });
}
