import test from "ava";
import { evaluate } from "./evaluate.js";
import { type Kind, kindNames, kinds } from "./kinds.js";
import type { AdmissionRequest, Review } from "./request.js";
import { policyOf } from "./testing/policy-of.js";
import { podOf, reviewOf } from "./testing/review-of.js";

const spec = { images: { allow: ["ghcr.io/ok"] } };
const policy = policyOf(spec);

/** What stands at a path of mappings. */
function nest(path: readonly string[], value: unknown): unknown {
  return path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
}

const podSpecPaths: Record<Kind, string> = {
  Pod: "spec",
  Deployment: "spec.template.spec",
  ReplicaSet: "spec.template.spec",
  StatefulSet: "spec.template.spec",
  DaemonSet: "spec.template.spec",
  ReplicationController: "spec.template.spec",
  Job: "spec.template.spec",
  CronJob: "spec.jobTemplate.spec.template.spec",
  PodTemplate: "template.spec",
};

for (const kind of kindNames) {
  const path = podSpecPaths[kind];
  test(`the images of a ${kind} are at \`${path}\``, (t) => {
    const all = policyOf({ ...spec, match: { kinds: [kind] } });
    const object = nest(path.split("."), { containers: [{ image: "ghcr.io/ok" }, { image: "evil" }] });
    const violation = { image: "evil", field: `${path}.containers[1].image`, reason: "unlisted" };
    t.deepEqual(evaluate(all, reviewOf(kind, object)), { verdict: "deny", violations: [violation] } as never);
  });
  test(`a ${kind} is judged ${kind === "PodTemplate" ? "only if it is listed" : "by default"}`, (t) => {
    t.is(evaluate(policy, reviewOf(kind, {})).verdict, kind === "PodTemplate" ? "out-of-scope" : "deny");
  });
}

test("every image field is judged, in the order of the language page", (t) => {
  const image = { image: "evil" };
  const object = {
    spec: {
      volumes: [{ emptyDir: {} }, { image: { reference: "evil" } }],
      ephemeralContainers: [image],
      containers: [image],
      initContainers: [{ image: "ghcr.io/ok" }, image],
    },
  };
  t.deepEqual(
    evaluate(policy, reviewOf("Pod", object)).violations.map(({ field }) => field),
    [
      "spec.initContainers[1].image",
      "spec.containers[0].image",
      "spec.ephemeralContainers[0].image",
      "spec.volumes[1].image.reference",
    ],
  );
});

/** Pod specs, and the fields at which they are `missing` something. */
const unreadable: [name: string, podSpec: unknown, fields: string[]][] = [
  ["an absent pod spec", undefined, ["spec"]],
  ["a pod spec that is null", null, ["spec"]],
  ["a pod spec that is a text", "nginx", ["spec"]],
  ["a pod spec that is a list", [], ["spec"]],
  ["an empty pod spec", {}, []],
  ["lists that are null", { containers: null, volumes: null, initContainers: null, ephemeralContainers: null }, []],
  ["lists that are empty", { containers: [], volumes: [] }, []],
  ["a list that is a mapping", { containers: {} }, ["spec.containers"]],
  ["a list that is a text", { containers: "nginx" }, ["spec.containers"]],
  ["a list that is false", { initContainers: false }, ["spec.initContainers"]],
  ["a list that is 0", { ephemeralContainers: 0 }, ["spec.ephemeralContainers"]],
  ["volumes that are a text", { volumes: "x" }, ["spec.volumes"]],
  [
    "entries that are no mappings",
    { containers: [null, "nginx", [], { image: "ghcr.io/ok" }, 1] },
    ["spec.containers[0]", "spec.containers[1]", "spec.containers[2]", "spec.containers[4]"],
  ],
  ["a volume that is no mapping", { volumes: [null, "x"] }, ["spec.volumes[0]", "spec.volumes[1]"]],
  [
    "images that are none",
    { containers: [{}, { image: null }, { image: "" }, { image: 1 }, { image: ["x"] }] },
    [0, 1, 2, 3, 4].map((index) => `spec.containers[${index}].image`),
  ],
  [
    "volumes whose image is no mapping",
    { volumes: [{ image: "x" }, { image: [] }, { image: false }, { image: "" }] },
    [0, 1, 2, 3].map((index) => `spec.volumes[${index}].image`),
  ],
  [
    "references that are no text",
    { volumes: [{ image: { reference: 1 } }, { image: { reference: {} } }, { image: { reference: false } }] },
    [0, 1, 2].map((index) => `spec.volumes[${index}].image.reference`),
  ],
  [
    "volumes without an image",
    { volumes: [{}, { image: null }, { image: {} }, { image: { reference: null } }, { image: { reference: "" } }] },
    [],
  ],
  ["what only looks like a field", Object.create({ containers: [{ image: "evil" }] }), []],
];

for (const [name, podSpec, fields] of unreadable) {
  test(`${name}: ${fields.length === 0 ? "nothing is missing" : "each is missing"}`, (t) => {
    const { verdict, violations } = evaluate(policy, reviewOf("Pod", { spec: podSpec }));
    t.deepEqual(
      violations,
      fields.map((field) => ({ image: "", field, reason: "missing" as const })),
    );
    t.is(verdict, fields.length === 0 ? "allow" : "deny");
  });
}

for (const object of [undefined, null, "x", 1, [], {}]) {
  test(`an object that is ${JSON.stringify(object)} has no pod spec`, (t) => {
    const { violations } = evaluate(policy, reviewOf("CronJob", object));
    t.deepEqual(violations, [{ image: "", field: "spec.jobTemplate.spec.template.spec", reason: "missing" }]);
  });
}

test("the enforcement says what a violation does, and nothing else", (t) => {
  for (const enforcement of ["deny", "warn", "audit"] as const) {
    const enforced = policyOf({ ...spec, enforcement });
    t.is(evaluate(enforced, reviewOf("Pod", podOf("evil"))).verdict, enforcement);
    t.is(evaluate(enforced, reviewOf("Pod", podOf("ghcr.io/ok"))).verdict, "allow");
  }
});

test("an update is judged on the new object alone", (t) => {
  const update = { operation: "UPDATE", oldObject: podOf("evil") };
  t.is(evaluate(policy, reviewOf("Pod", podOf("ghcr.io/ok"), update)).verdict, "allow");
  t.is(evaluate(policy, reviewOf("Pod", podOf("evil"), { ...update, oldObject: podOf("evil") })).verdict, "deny");
});

/** Requests with a bad image that nothing but their scope can admit; `undefined`: they are judged. */
const scopes: [name: string, spec: object, review: Review, expected: string | undefined][] = [];
const pod = (changes: Partial<AdmissionRequest> = {}, labels: Review["namespaceLabels"] = {}, annotations = {}) =>
  reviewOf("Pod", podOf("evil", annotations), changes, labels);
const scope = (name: string, more: object, review: Review, expected?: string) =>
  scopes.push([name, { ...spec, ...more }, review, expected]);

for (const operation of ["DELETE", "CONNECT", "create", ""])
  scope(`operation ${operation}`, {}, pod({ operation }), "operation");
scope(
  "a Deployment of another group",
  {},
  reviewOf("Deployment", {}, { kind: { group: "acme.io", version: "v1", kind: "Deployment" } }),
  "kind",
);
scope("a Pod of another group", {}, pod({ kind: { group: "acme.io", version: "v1", kind: "Pod" } }), "kind");
scope(
  "a Deployment of another version",
  {},
  reviewOf("Deployment", {}, { kind: { group: "apps", version: "v1beta1", kind: "Deployment" } }),
);
scope(
  "a kind named as a property of every object",
  {},
  pod({ kind: { group: "", version: "v1", kind: "constructor" } }),
  "kind",
);
scope("a kind that is not listed", { match: { kinds: ["Job"] } }, pod(), "kind");
scope("a sub-resource", {}, pod({ subResource: "status" }), "sub-resource");
scope("an empty sub-resource", {}, pod({ subResource: "" }));
scope("ephemeral containers of a Pod", {}, pod({ subResource: "ephemeralcontainers" }));
scope(
  "ephemeral containers where Pod is not listed",
  { match: { kinds: ["Job"] } },
  pod({ subResource: "ephemeralcontainers" }),
  "kind",
);
scope("the scale of a Deployment", {}, reviewOf("Deployment", {}, { subResource: "scale" }), "sub-resource");
scope(
  "ephemeral containers of a Deployment",
  {},
  reviewOf("Deployment", {}, { subResource: "ephemeralcontainers" }),
  "sub-resource",
);

const inNamespace = (namespace: string) => pod({ namespace });
scope("a namespace that matches at its start", { match: { namespaces: ["team-*"] } }, inNamespace("team-a"));
scope("a namespace that does not match", { match: { namespaces: ["team-*"] } }, inNamespace("a-team-b"), "namespace");
scope("a namespace that matches at its end", { match: { namespaces: ["*-prod"] } }, inNamespace("a-prod"));
scope("a namespace that matches inside", { match: { namespaces: ["x", "*-batch-*"] } }, inNamespace("a-batch-b"));
scope("a namespace by name alone", { match: { namespaces: ["team"] } }, inNamespace("team-a"), "namespace");
scope("every namespace", { match: { namespaces: ["*"] } }, inNamespace("x"));
scope("an excluded namespace", { match: { excludeNamespaces: ["kube-*"] } }, inNamespace("kube-system"), "namespace");
scope(
  "exclusion beats inclusion",
  { match: { namespaces: ["a"], excludeNamespaces: ["a"] } },
  inNamespace("a"),
  "namespace",
);

const selector = (namespaceSelector: object) => ({ match: { namespaceSelector } });
const labels = { env: "prod", tier: "" };
const expression = (operator: string, key: string, values?: string[]) =>
  selector({ matchExpressions: [{ key, operator, ...(values && { values }) }] });
scope("labels that match", selector({ matchLabels: { env: "prod", tier: "" } }), pod({}, labels));
scope(
  "one label that does not match",
  selector({ matchLabels: { env: "prod", tier: "x" } }),
  pod({}, labels),
  "namespace-labels",
);
scope("a label that is not there", selector({ matchLabels: { zone: "" } }), pod({}, labels), "namespace-labels");
scope("a label of every object", selector({ matchLabels: { constructor: "x" } }), pod({}, labels), "namespace-labels");
scope("labels that are not known", selector({ matchLabels: { env: "prod" } }), pod({}, null));
scope("an empty selector", selector({}), pod({}, {}));
scope("In", expression("In", "env", ["dev", "prod"]), pod({}, labels));
scope("In, of another value", expression("In", "env", ["dev"]), pod({}, labels), "namespace-labels");
scope("In, without the key", expression("In", "zone", ["a"]), pod({}, labels), "namespace-labels");
scope("NotIn", expression("NotIn", "env", ["dev"]), pod({}, labels));
scope("NotIn, of a value", expression("NotIn", "env", ["prod"]), pod({}, labels), "namespace-labels");
scope("NotIn, without the key", expression("NotIn", "zone", ["a"]), pod({}, labels));
scope("Exists", expression("Exists", "tier"), pod({}, labels));
scope("Exists, without the key", expression("Exists", "constructor"), pod({}, labels), "namespace-labels");
scope("DoesNotExist", expression("DoesNotExist", "constructor"), pod({}, labels));
scope("DoesNotExist, with the key", expression("DoesNotExist", "tier"), pod({}, labels), "namespace-labels");
const ownName = selector({ matchLabels: { "kubernetes.io/metadata.name": "team" } });
scope("the namespace's name is among its labels", ownName, pod({ namespace: "team" }, {}));
scope(
  "the namespace's name cannot be given by a label",
  ownName,
  pod({ namespace: "x" }, { "kubernetes.io/metadata.name": "team" }),
  "namespace-labels",
);

const user = (username?: string, groups?: string[]) =>
  pod({ userInfo: { ...(username !== undefined && { username }), ...(groups && { groups }) } });
const exempt = (exemption: object) => ({ exempt: exemption });
scope(
  "an exempt user",
  exempt({ users: ["system:serviceaccount:flux-system:*"] }),
  user("system:serviceaccount:flux-system:k"),
  "exempt-user",
);
scope("another user", exempt({ users: ["system:serviceaccount:flux-system:*"] }), user("system:serviceaccount:flux:k"));
scope("no user where every user is exempt", exempt({ users: ["*"] }), user());
scope("an empty user where every user is exempt", exempt({ users: ["*"] }), user(""));
scope("an exempt group", exempt({ groups: ["break-glass"] }), user("a", ["dev", "break-glass"]), "exempt-group");
scope("an exempt group of nobody", exempt({ groups: ["*"] }), user(undefined, ["x"]), "exempt-group");
scope("no groups", exempt({ groups: ["*"] }), user("a", []));
scope("a group is no user", exempt({ groups: ["alice"] }), user("alice", ["dev"]));

const broken = exempt({ breakGlass: { annotation: "acme.io/ticket", value: "INC-*" } });
const annotated = (annotations: object) => pod({}, {}, annotations);
scope("a broken glass", broken, annotated({ "acme.io/ticket": "INC-1" }), "break-glass");
scope("a broken glass of another value", broken, annotated({ "acme.io/ticket": "x INC-1" }));
scope("a broken glass that is no text", broken, annotated({ "acme.io/ticket": 1 }));
scope("a broken glass that is not there", broken, annotated({}));
const anyValue = exempt({ breakGlass: { annotation: "constructor" } });
scope("a broken glass of any value", anyValue, annotated({ constructor: "" }), "break-glass");
scope("an annotation of every object", anyValue, annotated({}));
scope("annotations that are a list", broken, reviewOf("Pod", { metadata: { annotations: [] }, spec: null }));
const ticket = { annotations: { "acme.io/ticket": "INC-1" } };
for (const kind of kindNames) {
  const template = kinds[kind].podTemplate;
  const kindMatch = { match: { kinds: [kind] } };
  const glass = nest(template, { metadata: ticket, spec: { containers: [{ image: "evil" }] } });
  scope(
    `a broken glass on the pod template of a ${kind}`,
    { ...broken, ...kindMatch },
    reviewOf(kind, glass),
    "break-glass",
  );
  if (template.length === 0) continue;
  const outside = { metadata: ticket, ...(nest(template, { spec: { containers: [{ image: "evil" }] } }) as object) };
  scope(`a broken glass on a ${kind}, not on its template`, { ...broken, ...kindMatch }, reviewOf(kind, outside));
}

for (const [name, policySpec, review, expected] of scopes) {
  test(`${name}: ${expected === undefined ? "judged" : `out of scope, by ${expected}`}`, (t) => {
    const decision = evaluate(policyOf(policySpec), review);
    t.is(decision.scope, expected as typeof decision.scope);
    t.is(decision.verdict, expected === undefined ? "deny" : "out-of-scope");
    t.is(decision.violations.length > 0, expected === undefined);
  });
}
