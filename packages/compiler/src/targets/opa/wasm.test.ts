import { kinds, type Review } from "@registry-policy/language";
import test from "ava";
import { policyData } from "./policy-data.js";
import {
  inputOf,
  objectReview,
  podReview,
  policyOf,
  referenceDecision,
  wasmJudge,
  wasmWithData,
  withoutMessages,
} from "./wasm-judge.test.data.js";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

const images = [
  "nginx",
  "nginx:1.27",
  "docker.io/nginx",
  "index.docker.io/library/nginx",
  "INDEX.DOCKER.IO:0443/nginx",
  "DOCKER.IO/nginx",
  "docker.io:443/nginx",
  "docker.io:5000/nginx",
  "GHCR.io:0443/acme/x:v1",
  `ghcr.io/acme/x:v1@${digest}`,
  `ghcr.io/acme/x@${digest}`,
  `ghcr.io/acme/x@${digest.toUpperCase()}`,
  `ghcr.io/acme/x@${digest}0`,
  "ghcr.io/acme/x:",
  "ghcr.io/acme/x@",
  "ghcr.io/acme/x:-t",
  `ghcr.io/acme/x:${"t".repeat(128)}`,
  `ghcr.io/acme/x:${"t".repeat(129)}`,
  "registry.my.com/team/x",
  "registry.my.com/team-evil/x",
  "registry.my.com.evil.com/team/x",
  "evil.com/registry.my.com/team/x",
  "registryxmy.com/team/x",
  "registry.my.com:443/team/x",
  "registry.my.com:5000/team/x",
  "registry.my.com/team/../x",
  "registry.my.com//team/x",
  "registry.my.com/team/x/",
  " registry.my.com/team/x",
  "registry.my.com/team/x\n",
  "registry.my.com/team/x\u0000",
  "registry.my.com/team/x\u200b",
  "r\u0435gistry.my.com/team/x",
  "\u212aube.io/x",
  "registry.my.com/team/X",
  "quay.io",
  "redis:7",
  "localhost/x",
  "localhost:5000/x",
  "corp/x",
  "Corp/x",
  "corp:443/x",
  "corp:/x",
  "corp:x/x",
  "corp:00/x",
  "corp:99999/x",
  "10.0.0.7/x",
  "1.2.3/x",
  "[::1]/x",
  "[::1]:5000/x",
  "[AB::1]/x",
  "[::1/x",
  "[]/x",
  "[::1]x/x",
  "[::1]]/x",
  "::1/x",
  "my_registry.corp/app",
  "-bad.corp/x",
  "bad-.corp/x",
  "a..b/x",
  "https://ghcr.io/x",
  "user@ghcr.io/x",
  "0123456789abcdef".repeat(4),
  `ghcr.io/${"0123456789abcdef".repeat(4)}`,
  digest,
  `ghcr.io/${"a".repeat(504)}`,
  `ghcr.io/${"a".repeat(505)}`,
  "*",
  "**",
  "{{ request.object }}",
  "$(x)",
  '"',
  "",
  " ",
  "constructor",
  "__proto__/x",
  null,
  false,
  true,
  0,
  5,
  [],
  ["nginx"],
  {},
  { image: "nginx" },
];

const policies = {
  "no rules": {},
  "a registry": { images: { allow: ["registry.my.com"] } },
  "a repository below a registry": { images: { allow: ["registry.my.com/team/**", "docker.io/nginx"] } },
  "another default registry": { images: { defaultRegistry: "corp:5000", allow: ["corp:5000/**", "**:v1"] } },
  "a denied registry": { images: { deny: ["docker.io", "[::1]", "localhost:*", "**/x"] } },
  "wildcards everywhere": {
    images: { allow: ["*.my.com/t*m/*", "**.io/**/x:*", "local*:5000/**", "**/**@sha256:0*"] },
  },
  requirements: {
    images: { require: { registry: "explicit", tag: "explicit", digest: true }, denyTags: ["v*", "*te*"] },
  },
};

for (const [name, spec] of Object.entries(policies)) {
  test(`${name}: every awkward image has the verdict of the reference evaluator`, (t) => {
    const policy = policyOf(spec);
    const judge = wasmJudge(policy);
    for (const image of images) {
      const review = podReview(image);
      t.deepEqual(withoutMessages(judge(inputOf(review))), referenceDecision(policy, review), JSON.stringify(image));
    }
  });
}

const podSpecs = [
  undefined,
  null,
  5,
  "x",
  [],
  {},
  { containers: null },
  { containers: [] },
  { containers: {} },
  { containers: "x" },
  { containers: [null, 5, "nginx", [], {}, { image: null }, { image: "nginx" }] },
  { initContainers: [{ image: "evil.io/x" }], containers: [{ image: "nginx" }] },
  { ephemeralContainers: [{ image: "evil.io/x" }], containers: [{ name: "a", image: "nginx" }, { name: "a" }] },
  { volumes: { image: { reference: "evil.io/x" } } },
  { volumes: [null, "x", {}, { image: null }, { image: "evil.io/x" }, { image: [] }, { image: {} }] },
  { volumes: [{ image: { reference: null } }, { image: { reference: "" } }, { image: { reference: 5 } }] },
  { volumes: [{ image: { reference: "evil.io/x" } }, { image: { reference: "nginx" } }] },
];

for (const [kind, { group, version, resource, podTemplate }] of Object.entries(kinds)) {
  test(`${kind}: every odd pod spec has the verdict of the reference evaluator`, (t) => {
    const policy = policyOf({ match: { kinds: [kind] }, images: { allow: ["docker.io"] } });
    const judge = wasmJudge(policy);
    const request = { kind: { group, version, kind }, resource: { group, version, resource } };
    const templates: unknown[] = [...podSpecs.map((spec) => ({ spec })), null, 5, "x", [], undefined];
    for (const template of templates) {
      const object = [...podTemplate].reverse().reduce<unknown>((value, key) => ({ [key]: value }), template);
      for (const each of [object, [object], null]) {
        const review = objectReview(each, request);
        t.deepEqual(withoutMessages(judge(inputOf(review))), referenceDecision(policy, review), JSON.stringify(each));
      }
    }
  });
}

test("what is no admission request is a violation, and never out of scope", (t) => {
  const judge = wasmJudge(policyOf({}));
  const { request } = podReview("nginx");
  const broken = [undefined, null, 5, false, [], {}];
  const inputs: unknown[] = [
    ...broken,
    "CREATE",
    ...[...broken, "CREATE"].map((value) => ({ request: value })),
    ...broken.map((operation) => ({ request: { ...request, operation } })),
    ...[...broken, "Pod"].map((kind) => ({ request: { ...request, kind } })),
    ...[5, false, [], {}].map((namespace) => ({ request: { ...request, namespace } })),
  ];
  for (const input of inputs) {
    const { scope, violations } = judge(input);
    t.deepEqual([scope, violations.length], [true, 1], JSON.stringify(input));
  }
});

test("a part of a request that cannot be read never takes it out of scope", (t) => {
  const judge = wasmJudge(
    policyOf({
      images: { allow: ["ghcr.io"] },
      exempt: { users: ["*"], groups: ["*"], breakGlass: { annotation: "a" } },
    }),
  );
  const { request } = podReview("nginx");
  for (const value of [undefined, null, 5, false, [], {}]) {
    for (const part of [
      { subResource: value },
      { userInfo: value },
      { userInfo: { username: value } },
      { userInfo: { groups: value } },
      { userInfo: { groups: [value] } },
      { kind: { kind: "Pod", group: value } },
      { object: { metadata: { annotations: { a: value } }, spec: { containers: [{ image: "nginx" }] } } },
      { object: { metadata: value, spec: { containers: [{ image: "nginx" }] } } },
    ]) {
      const { scope, violations } = judge({ request: { ...request, ...part } });
      t.deepEqual([scope, violations[0]?.reason], [true, "unlisted"], JSON.stringify(part));
    }
  }
});

const refusal = { scope: true, enforcement: "deny" };

test("without any policy, pods are refused and all else is admitted", (t) => {
  const judge = wasmWithData({});
  t.like(judge(inputOf(podReview("nginx"))), { ...refusal, violations: { length: 1 } });
  t.is(judge(inputOf(objectReview({}, { kind: { group: "", version: "v1", kind: "ConfigMap" } }))).scope, false);
  t.is(judge(inputOf(objectReview({}, { operation: "DELETE" }))).scope, false);
});

test("data that this Rego was not made for is a violation", (t) => {
  const data = policyData(policyOf({ match: { namespaces: ["elsewhere"] } }));
  for (const policy of [{ ...data, dataVersion: 2 }, {}, null, 5]) {
    const judge = wasmWithData({ registry_policy: { policies: { old: policy } } });
    t.like(judge(inputOf(podReview("nginx"))), { ...refusal, violations: { length: 1 } }, JSON.stringify(policy));
  }
});

test("data is found where kube-mgmt puts a ConfigMap of the namespace `opa`", (t) => {
  const file = { registry_policy: { policies: { p: policyData(policyOf({ images: { allow: ["ghcr.io"] } })) } } };
  const judge = wasmWithData({ opa: { "registry-policy-p": { "data.json": file }, other: { "x.json": 5 } } });
  t.is(judge(inputOf(podReview("nginx"))).violations[0]?.reason, "unlisted");
  t.deepEqual(judge(inputOf(podReview("ghcr.io/x"))), { ...refusal, violations: [] });
});

test("several policies are judged together, and the strictest of those that are violated counts", (t) => {
  const judge = wasmJudge(
    policyOf({ enforcement: "warn", images: { allow: ["ghcr.io"] } }, { name: "a" }),
    policyOf({ enforcement: "deny", images: { denyTags: ["v1"] } }, { name: "b" }),
    policyOf({ match: { namespaces: ["elsewhere"] }, images: { deny: ["**"] } }, { name: "c" }),
  );
  const reasons = (review: Review) => {
    const { scope, enforcement, violations } = judge(inputOf(review));
    return { scope, enforcement, reasons: violations.map(({ reason }) => reason).sort() };
  };
  t.deepEqual(reasons(podReview("nginx")), { scope: true, enforcement: "warn", reasons: ["unlisted"] });
  t.deepEqual(reasons(podReview("x:v1")), { scope: true, enforcement: "deny", reasons: ["tag-denied", "unlisted"] });
  t.deepEqual(reasons(objectReview({}, { operation: "DELETE" })), { scope: false, enforcement: "deny", reasons: [] });
});

test("labels of the namespace are those of the input, else those that kube-mgmt replicates, else unknown", (t) => {
  const policy = policyOf({ match: { namespaceSelector: { matchLabels: { env: "prod" } } } });
  const withNamespaces = (namespaces: object) =>
    wasmWithData({ kubernetes: { namespaces }, registry_policy: { policies: { p: policyData(policy) } } });
  const scope = (namespaces: object, labels: Review["namespaceLabels"]) =>
    withNamespaces(namespaces)(inputOf(objectReview({ spec: {} }, {}, labels))).scope;
  t.true(scope({}, null), "unknown");
  t.true(scope({ default: { metadata: { labels: { env: "prod" } } } }, null));
  t.false(scope({ default: { metadata: { labels: { env: "dev" } } } }, null));
  t.false(scope({ default: { metadata: {} } }, null), "known to have none");
  t.true(scope({ default: { metadata: { labels: { env: "dev" } } } }, { env: "prod" }), "the input's come first");
  t.false(scope({}, {}));
});

test("of several deny patterns that match, the message names the first in the order of their texts", (t) => {
  const texts = ["ghcr.io/**", "ghcr.io", "*.io/a", "**/**/a", "**.io", "ghcr.io/a:*", "ghcr.io/*:latest"];
  for (const deny of [texts, texts.toReversed()]) {
    const [violation] = wasmJudge(policyOf({ images: { deny } }))(inputOf(podReview("ghcr.io/a"))).violations;
    t.regex(violation?.msg ?? "", /denied by the pattern \*\*\.io\/\*\* of/);
  }
});

test("a message says which image, where, why and by which policy", (t) => {
  const said = (spec: object, image: unknown) =>
    wasmJudge(policyOf(spec))(inputOf(podReview(image))).violations.map(({ msg }) => msg)[0];
  const where = "in spec.containers[0].image";
  t.is(said({}, null), `no image can be read ${where} for policy trusted-registries to judge`);
  t.is(
    said({}, "a b\n"),
    `container image "a b\\n" ${where} is no valid reference, as policy trusted-registries requires`,
  );
  t.is(
    said({ images: { deny: [{ pattern: "docker.io/library/*:v*", reason: 'Never "scanned" {{ x }}.' }] } }, "nginx:v1"),
    `container image "nginx:v1" ${where} is denied by the pattern docker.io/library/*:v* of policy trusted-registries: Never "scanned" {{ x }}.`,
  );
  t.is(
    said({ images: { allow: ["ghcr.io"] } }, "nginx"),
    `container image "nginx" ${where} is not in the allow list of policy trusted-registries: it is pulled as docker.io/library/nginx:latest`,
  );
  t.is(
    said({ images: { require: { registry: "explicit" } } }, "nginx"),
    `container image "nginx" ${where} names no registry, as policy trusted-registries requires: write docker.io/library/nginx:latest`,
  );
  t.is(
    said({ images: { require: { tag: "explicit" } } }, "nginx"),
    `container image "nginx" ${where} has neither tag nor digest, one of which policy trusted-registries requires`,
  );
  t.is(
    said({ images: { denyTags: ["latest"] } }, "nginx"),
    `container image "nginx" ${where} has the tag latest, which policy trusted-registries denies`,
  );
  t.is(
    said({ images: { require: { digest: true } } }, "nginx"),
    `container image "nginx" ${where} is not pinned by a digest (@sha256:...), which policy trusted-registries requires`,
  );
});
