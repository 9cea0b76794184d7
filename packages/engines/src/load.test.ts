import test from "ava";
import type { PolicyFile } from "./engine.js";
import type { EngineHost } from "./engine-host.js";
import { engineIds, type LocalEngineId } from "./engines.js";
import { compileRego, policyOf, rego } from "./judged.test.data.js";
import { openEngine } from "./open-engine.js";
import { PolicyRefused } from "./policy-refused.js";
import { runningHost } from "./running-host.test.data.js";

let host: EngineHost;
test.before(async () => {
  host = await runningHost();
});
test.after.always(() => host?.close());

const wrong = {
  "no file at all": () => [],
  "an empty file": (files) => files.map((file) => ({ ...file, content: "" })),
  "a file of another kind": (files) => [
    ...files,
    { name: "other.yaml", content: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n" },
  ],
  "text that is neither YAML, Rego nor wasm": (files) => files.map((file) => ({ ...file, content: "{[`\u0000" })),
} satisfies Record<string, (files: PolicyFile[]) => PolicyFile[]>;

for (const engine of engineIds) {
  for (const [name, change] of Object.entries(wrong)) {
    test(`${engine} refuses ${name}`, async (t) => {
      await t.throwsAsync(openEngine(engine, host).load(change(policyOf[engine]("deny"))), {
        instanceOf: PolicyRefused,
      });
    });
  }
}

interface Refusal {
  readonly engine: LocalEngineId;
  readonly name: string;
  readonly change: (text: string) => string;
  readonly reason: RegExp;
}

/** Changes to the text of every file of the good policy. */
const refusals: Refusal[] = [
  {
    engine: "kyverno-cluster-policy",
    name: "an unknown field",
    change: (text) => text.replace("allowExistingViolations:", "allowExistingViolation:"),
    reason: /^policy\.yaml: unknown field `spec\.rules\[0\]\.validate\.allowExistingViolation`/,
  },
  {
    engine: "kyverno-cluster-policy",
    name: "a field whose name differs in case",
    change: (text) => text.replace("failureAction:", "failureaction:"),
    reason: /unknown field `spec\.rules\[0\]\.validate\.failureaction`/,
  },
  {
    engine: "kyverno-cluster-policy",
    name: "a doubled key",
    change: (text) => text.replace("background: false", "background: false\n  background: true"),
    reason: /key "background" already set/,
  },
  {
    engine: "kyverno-cluster-policy",
    name: "an empty document after the policy",
    change: (text) => `${text}---\n# nothing\n`,
    reason: /^policy\.yaml, document 2: the document is empty/,
  },
  {
    engine: "kyverno-cluster-policy",
    name: "a user in a policy that is run in the background",
    change: (text) => text.replace("background: false", "background: true"),
    reason: /background mode/,
  },
  {
    engine: "kyverno-cluster-policy",
    name: "a context that is in a cluster",
    change: (text) =>
      text.replace(/^( *)(- )?match:/m, (_, indent, dash = "") => {
        const context = `context: [{ name: registries, configMap: { name: registries, namespace: default } }]`;
        return `${indent}${dash}${context}\n${indent}${dash === "" ? "" : "  "}match:`;
      }),
    reason: /`spec\.rules\[0\]`: the context `registries` comes from a cluster or a registry, and here is none/,
  },
  {
    engine: "kyverno-cluster-policy",
    name: "a variable that does not exist",
    change: (text) => text.replace("{{ to_string(", "{{ bogus.name }} {{ to_string("),
    reason: /variable/,
  },
  {
    engine: "kyverno-cluster-policy",
    name: "a kind that no cluster has",
    change: (text) => text.replace("kinds: [Pod]", "kinds: [Pod, Pood]"),
    reason: /no kind `Pood`/,
  },
  {
    engine: "kyverno-cluster-policy",
    name: "a policy that admission never runs",
    change: (text) =>
      text
        .replace("background: false", "background: true\n  admission: false")
        .replace(/ +exclude:[\s\S]*?validate:/, "      validate:"),
    reason: /`spec\.admission` is false/,
  },
  {
    engine: "kyverno-cluster-policy",
    name: "two policies of one name",
    change: (text) => `${text}---${text}`,
    reason: /a second ClusterPolicy named `corp-only`/,
  },
  {
    engine: "kyverno-cluster-policy",
    name: "a message that YAML 1.1 reads as a boolean",
    change: (text) => text.replace(/message: .*/, "message: no"),
    reason: /policy\.yaml: /,
  },
  {
    engine: "kyverno-cluster-policy",
    name: "a failure action that there is not, which Kyverno would take for Audit",
    change: (text) => text.replace("failureAction: Enforce", "failureAction: Deny"),
    reason: /spec\.rules\[0\]\.validate\.failureAction: Unsupported value: "Deny"/,
  },
  {
    engine: "kyverno-cluster-policy",
    name: "a label that is none",
    change: (text) => text.replace("  annotations:", "  labels: {a: 'b c'}\n  annotations:"),
    reason: /^policy\.yaml: metadata\.labels/,
  },
  {
    engine: "kyverno-validating-policy",
    name: "an unknown field",
    change: (text) => text.replace("matchConditions:", "matchCondition:"),
    reason: /^policy\.yaml: unknown field `spec\.matchCondition`/,
  },
  {
    engine: "kyverno-validating-policy",
    name: "an expression that does not compile",
    change: (text) => text.replace("startsWith(", "beginsWith("),
    reason: /undeclared reference to 'beginsWith'/,
  },
  {
    engine: "kyverno-validating-policy",
    name: "an action that there is not",
    change: (text) => text.replace("[Deny]", "[deny]"),
    reason: /spec\.validationActions/,
  },
  {
    engine: "kyverno-validating-policy",
    name: "a policy that admission never runs",
    change: (text) => text.replace("spec:", "spec:\n  evaluation: {admission: {enabled: false}}"),
    reason: /`spec\.evaluation\.admission\.enabled` is false/,
  },
  {
    engine: "kyverno-validating-policy",
    name: "a policy without validations",
    change: (text) => text.replace(/validations:[\s\S]*/, "validations: []\n"),
    reason: /`spec\.validations` is empty/,
  },
  {
    engine: "validating-admission-policy",
    name: "an unknown field",
    change: (text) => text.replace("matchConditions:", "matchCondition:"),
    reason: /^policy\.yaml, document 1: .*unknown field "spec\.matchCondition"/,
  },
  {
    engine: "validating-admission-policy",
    name: "an expression that does not compile",
    change: (text) => text.replace("startsWith(", "beginsWith("),
    reason: /the variable `foreign`: [\s\S]*undeclared reference to 'beginsWith'/,
  },
  {
    engine: "validating-admission-policy",
    name: "a function that only Kyverno has",
    change: (text) => text.replace("size(variables.foreign) == 0", "cel.bind(n, size(variables.foreign), n == 0)"),
    reason: /the validation 2: [\s\S]*undeclared reference to 'bind'/,
  },
  {
    engine: "validating-admission-policy",
    name: "a validation that is no boolean",
    change: (text) => text.replace("size(variables.foreign) == 0", "size(variables.foreign)"),
    reason: /must evaluate to bool/,
  },
  {
    engine: "validating-admission-policy",
    name: "both Deny and Warn",
    change: (text) => text.replace("[Deny]", "[Deny, Warn]"),
    reason: /must not contain both `Deny` and `Warn`/,
  },
  {
    engine: "validating-admission-policy",
    name: "a binding for another policy",
    change: (text) => text.replace("policyName: corp-only", "policyName: corp"),
    reason: /the policy `corp-only` has no binding/,
  },
  {
    engine: "validating-admission-policy",
    name: "an operation that there is not",
    change: (text) => text.replace("[CREATE, UPDATE]", "[CREATE, PATCH]"),
    reason: /operations: Unsupported value: "PATCH"/,
  },
  {
    engine: "gatekeeper-cel",
    name: "the name that Kubernetes has for match conditions, which Gatekeeper would leave out",
    change: (text) => text.replace("matchCondition:", "matchConditions:"),
    reason: /^template\.yaml: the source for `K8sNativeValidation`: unknown field "matchConditions"/,
  },
  {
    engine: "gatekeeper-cel",
    name: "a template whose code is Rego",
    change: (text) => text.replace("engine: K8sNativeValidation", "engine: Rego"),
    reason: /this engine runs `K8sNativeValidation` alone/,
  },
  {
    engine: "gatekeeper",
    name: "an unknown field in the template",
    change: (text) => text.replace("operations:", "operation:"),
    reason: /^template\.yaml: unknown field "spec\.targets\[0\]\.operation"/,
  },
  {
    engine: "gatekeeper",
    name: "Rego that does not compile",
    change: (text) => text.replace("startswith(", "starts("),
    reason: /starts/,
  },
  {
    engine: "gatekeeper",
    name: "an unknown field in the constraint",
    change: (text) => text.replace("namespaceSelector:", "namespacesSelector:"),
    reason: /^constraint\.yaml: unknown field `spec\.match\.namespacesSelector`/,
  },
  {
    engine: "gatekeeper",
    name: "an unknown parameter",
    change: (text) => text.replace("prefix: registry", "prefixes: registry"),
    reason: /unknown field `spec\.parameters\.prefixes`/,
  },
  {
    engine: "gatekeeper",
    name: "a parameter of another type",
    change: (text) => text.replace("prefix: registry.corp/", "prefix: [registry.corp/]"),
    reason: /spec\.parameters\.prefix/,
  },
  {
    engine: "gatekeeper",
    name: "an enforcement action in the wrong case",
    change: (text) => text.replace("enforcementAction: deny", "enforcementAction: Deny"),
    reason: /enforcementAction/,
  },
  {
    engine: "gatekeeper",
    name: "a constraint without its template",
    change: (text) => text.replace("kind: CorpOnly\nmetadata", "kind: Corp\nmetadata"),
    reason: /there is no template for the kind `Corp`/,
  },
  {
    engine: "gatekeeper",
    name: "a template whose code is CEL",
    change: (text) => text.replace("engine: Rego", "engine: K8sNativeValidation"),
    reason: /this engine runs `Rego` alone/,
  },
  {
    engine: "opa-rego",
    name: "a policy without `deny`",
    change: (text) => text.replace("deny contains", "denied contains"),
    reason: /no file has the rule `deny`/,
  },
  {
    engine: "opa-rego",
    name: "data that is no object",
    change: (text) => (text.startsWith("{") ? "[]" : text),
    reason: /^data\.json: /,
  },
];

for (const { engine, name, change, reason } of refusals) {
  test(`${engine} refuses ${name}`, async (t) => {
    const files = policyOf[engine]("deny").map((file) => ({ ...file, content: change(String(file.content)) }));
    t.notDeepEqual(files, policyOf[engine]("deny"), "the change changes nothing");
    const refused = await t.throwsAsync(openEngine(engine, host).load(files), { instanceOf: PolicyRefused });
    t.regex(refused.reason, reason);
    t.is(refused.engine, engine);
    t.true(refused.message.startsWith(`\`${engine}\` refuses the policy: `));
  });
}

test("gatekeeper refuses a template that no constraint uses", async (t) => {
  const [template] = policyOf.gatekeeper("deny") as [PolicyFile];
  await t.throwsAsync(openEngine("gatekeeper", host).load([template]), { message: /`CorpOnly` has no constraint/ });
});

test("a policy may be several documents in several files, with comments and an end marker", async (t) => {
  const [template, constraint] = policyOf.gatekeeper("deny") as [PolicyFile, PolicyFile];
  const content = `# a comment\n---${template.content}---\n${constraint.content}`;
  const policy = await openEngine("gatekeeper", host).load([{ name: "all.yaml", content }]);
  t.deepEqual(policy.warnings, []);
});

test("opa refuses wasm that was compiled for another entrypoint", async (t) => {
  const content = compileRego(rego, "kubernetes/admission/deny");
  await t.throwsAsync(openEngine("opa", host).load([{ name: "policy.wasm", content }]), {
    message: /not compiled for the entrypoint `kubernetes\/admission\/decision`/,
  });
});

test("build-wasm refuses a built-in that wasm does not have", (t) => {
  const source = `package kubernetes.admission\n\ndecision := sprintf("%v", [input])\n`;
  const error = t.throws(() => compileRego(source)) as Error & { stderr: Buffer };
  t.regex(String(error.stderr), /undefined function sprintf/);
});
