import { fileURLToPath } from "node:url";
import { parsePolicies } from "@registry-policy/language";
import test from "ava";
import { parse } from "yaml";
import { compilePolicies } from "../../compile-policies.js";
import { loadTemplates } from "../../templates.js";
import { assertGolden } from "../admission-webhook/golden.test.data.js";
import { imagePolicyWebhook } from "./index.js";

const golden = fileURLToPath(new URL("../../../src/targets/image-policy-webhook/golden/", import.meta.url));

function emitted(spec: string) {
  const text = `apiVersion: registry-policy.dev/v1\nkind: RegistryPolicy\nmetadata: {name: trusted}\nspec: {${spec}}\n`;
  const { policies } = parsePolicies({ text, file: "policy.yaml" });
  const { artifacts, diagnostics } = compilePolicies(policies, {
    targets: [imagePolicyWebhook],
    templates: loadTemplates(),
  });
  const prefix = "image-policy-webhook/".length;
  return { diagnostics, artifacts: artifacts.map(({ path, content }) => ({ path: path.slice(prefix), content })) };
}

const allow = "images: {allow: [registry.my.com]}";

test("what is emitted", (t) => {
  const { artifacts, diagnostics } = emitted(allow);
  t.deepEqual(diagnostics, []);
  assertGolden(t, golden, artifacts);
});

test("without an answer kube-apiserver refuses", (t) => {
  const file = emitted(allow).artifacts.find(({ path }) => path === "admission.yaml");
  const [plugin] = parse(String(file?.content)).plugins;
  t.is(plugin.name, "ImagePolicyWebhook");
  t.false(plugin.configuration.imagePolicy.defaultAllow);
});

test("a policy that does not cover Pods would judge nothing, and is refused", (t) => {
  const { artifacts, diagnostics } = emitted(`match: {kinds: [Deployment]}, ${allow}`);
  t.deepEqual(artifacts, []);
  t.is(diagnostics[0]?.severity, "error");
  t.regex(diagnostics[0]?.message ?? "", /does not cover Pods/);
});

const lost = {
  "exempt users": "exempt: {users: [admin]}",
  "exempt groups": "exempt: {groups: [admins]}",
  "labels of namespaces": "match: {namespaceSelector: {matchLabels: {a: b}}}",
  "another annotation": "exempt: {breakGlass: {annotation: example.com/ticket}}",
};

for (const [name, spec] of Object.entries(lost)) {
  test(`what a review does not carry is warned about: ${name}`, (t) => {
    const { artifacts, diagnostics } = emitted(`${spec}, ${allow}`);
    t.deepEqual(
      diagnostics.map(({ code, severity }) => ({ code, severity })),
      [{ code: "not-in-image-review", severity: "warning" }],
    );
    t.true(artifacts.length > 0);
  });
}

test("an annotation that a review carries is not warned about", (t) => {
  const spec = `exempt: {breakGlass: {annotation: my.image-policy.k8s.io/ticket}}, ${allow}`;
  t.deepEqual(emitted(spec).diagnostics, []);
});
