import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { parsePolicies } from "@registry-policy/language";
import test from "ava";
import { parse, parseAllDocuments } from "yaml";
import { compilePolicies } from "../../compile-policies.js";
import { loadTemplates } from "../../templates.js";
import { assertGolden } from "./golden.test.data.js";
import { admissionWebhook } from "./index.js";

const golden = fileURLToPath(new URL("../../../src/targets/admission-webhook/golden/", import.meta.url));

const text = `apiVersion: registry-policy.dev/v1
kind: RegistryPolicy
metadata: {name: trusted, labels: {team: platform}, annotations: {note: 'a "quoted" {{ text }}'}}
spec:
  title: Trusted registries
  match:
    kinds: [Pod, Deployment, CronJob]
    excludeNamespaces: [kube-system, "dev-*"]
    namespaceSelector: {matchLabels: {registry-policy: enforced}, matchExpressions: [{key: tier, operator: Exists}]}
  images: {allow: [registry.my.com]}
---
apiVersion: registry-policy.dev/v1
kind: RegistryPolicy
metadata: {name: pinned}
spec:
  enforcement: warn
  match: {namespaces: [prod, stage]}
  images: {require: {digest: true}}
`;

function emitted(of = text) {
  const { policies } = parsePolicies({ text: of, file: "policy.yaml" });
  const { artifacts, diagnostics } = compilePolicies(policies, {
    targets: [admissionWebhook],
    templates: loadTemplates(),
  });
  const prefix = "admission-webhook/".length;
  return { diagnostics, artifacts: artifacts.map(({ path, content }) => ({ path: path.slice(prefix), content })) };
}

function fileOf(path: string): string {
  return String(emitted().artifacts.find((artifact) => artifact.path === path)?.content);
}

test("what is emitted", (t) => {
  const { artifacts, diagnostics } = emitted();
  t.deepEqual(diagnostics, []);
  assertGolden(t, golden, artifacts);
  t.deepEqual(
    artifacts.filter(({ content }) => typeof content !== "string").map(({ path }) => path),
    ["pinned/bundle.tar.gz", "trusted/bundle.tar.gz"],
  );
});

test("without an answer nothing is admitted, and every kind of the policy is asked about", (t) => {
  const { webhooks } = parse(fileOf("trusted/webhook.yaml"));
  t.is(webhooks.length, 1);
  const [webhook] = webhooks;
  t.is(webhook.failurePolicy, "Fail");
  t.is(webhook.matchPolicy, "Equivalent");
  t.is(webhook.sideEffects, "None");
  t.deepEqual(webhook.admissionReviewVersions, ["v1"]);
  const resources = webhook.rules.flatMap((rule: { resources: string[] }) => rule.resources);
  t.deepEqual(resources.sort(), ["cronjobs", "deployments", "pods", "pods/ephemeralcontainers"]);
});

test("the API server never asks about the server's own namespace, and selects by the policy's labels", (t) => {
  const { matchLabels, matchExpressions } = parse(fileOf("trusted/webhook.yaml")).webhooks[0].namespaceSelector;
  t.deepEqual(matchLabels, { "registry-policy": "enforced" });
  t.deepEqual(matchExpressions, [
    { key: "kubernetes.io/metadata.name", operator: "NotIn", values: ["registry-policy", "kube-system"] },
    { key: "tier", operator: "Exists" },
  ]);
  const named = parse(fileOf("pinned/webhook.yaml")).webhooks[0].namespaceSelector.matchExpressions;
  t.deepEqual(named[1], { key: "kubernetes.io/metadata.name", operator: "In", values: ["prod", "stage"] });
});

test("the server runs as nobody, writes nowhere and has no token", (t) => {
  const objects = parseAllDocuments(fileOf("server.yaml")).map((document) => document.toJS());
  t.deepEqual(
    objects.map(({ kind }) => kind),
    ["Namespace", "ResourceQuota", "ServiceAccount", "Deployment", "Service", "PodDisruptionBudget", "NetworkPolicy"],
  );
  const { spec } = objects.find(({ kind }) => kind === "Deployment").spec.template;
  const [container] = spec.containers;
  t.true(spec.securityContext.runAsNonRoot);
  t.false(spec.automountServiceAccountToken);
  t.true(container.securityContext.readOnlyRootFilesystem);
  t.false(container.securityContext.allowPrivilegeEscalation);
  t.deepEqual(container.securityContext.capabilities, { drop: ["ALL"] });
  t.deepEqual(container.args.slice(0, 3), ["serve", "/policies/pinned.tar.gz", "/policies/trusted.tar.gz"]);
});

test("every bundle that the server reads is mounted from a ConfigMap that is made", (t) => {
  const { configMapGenerator } = parse(fileOf("kustomization.yaml"));
  const objects = parseAllDocuments(fileOf("server.yaml")).map((document) => document.toJS());
  const { sources } = objects.find(({ kind }) => kind === "Deployment").spec.template.spec.volumes[0].projected;
  t.deepEqual(
    sources.map(({ configMap }: { configMap: { name: string } }) => configMap.name),
    configMapGenerator.map(({ name }: { name: string }) => name),
  );
});

test("a bundle that no ConfigMap holds is refused", (t) => {
  // Hashes, which no compression makes smaller.
  const hash = (index: number) => createHash("sha256").update(String(index)).digest("hex").slice(0, 60);
  const patterns = Array.from({ length: 40_000 }, (_, index) => `"${hash(index)}.example.com"`);
  const { artifacts, diagnostics } = emitted(`apiVersion: registry-policy.dev/v1
kind: RegistryPolicy
metadata: {name: large}
spec: {images: {allow: [${patterns.join(", ")}]}}
`);
  t.deepEqual(artifacts, []);
  t.is(diagnostics[0]?.code, "artifact-too-large");
});
