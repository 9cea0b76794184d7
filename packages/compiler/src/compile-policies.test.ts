import { parsePolicies } from "@registry-policy/language";
import test from "ava";
import { compilePolicies } from "./compile-policies.js";
import { features } from "./target.js";
import { targetById, targets } from "./targets.js";
import { loadTemplates } from "./templates.js";

const templates = loadTemplates();

function policyWith(patterns: readonly string[]) {
  const document = {
    apiVersion: "registry-policy.dev/v1",
    kind: "RegistryPolicy",
    metadata: { name: "large" },
    spec: { images: { allow: patterns } },
  };
  return parsePolicies({ text: JSON.stringify(document), file: "large.yaml" }).policies;
}

test("an artifact that no API server stores is refused with the limit named, and nothing of it is emitted", (t) => {
  const patterns = Array.from(
    { length: 10_000 },
    (_, index) => `registry-${index}.example.com/${"team/".repeat(40)}**`,
  );
  for (const id of ["kyverno-cluster-policy", "gatekeeper"]) {
    const target = targetById(id);
    if (target === undefined) throw new Error(id);
    const { artifacts, diagnostics } = compilePolicies(policyWith(patterns), { targets: [target], templates });
    t.deepEqual(artifacts, []);
    t.deepEqual(
      diagnostics.map(({ code, severity, sourceLine }) => ({ code, severity, line: sourceLine.slice(0, 15) })),
      [{ code: "artifact-too-large", severity: "error", line: '{"apiVersion":"' }],
    );
    t.regex(diagnostics[0]?.message ?? "", /no object of more than 1400000/);
  }
});

test("10,000 patterns of a usual length are emitted for every target", (t) => {
  const patterns = Array.from({ length: 10_000 }, (_, index) => `registry-${index}.example.com/team/**`);
  const { diagnostics } = compilePolicies(policyWith(patterns), { targets, templates });
  t.deepEqual(
    diagnostics.filter(({ severity }) => severity === "error"),
    [],
  );
});

test("every path begins with its target, and no two are the same", (t) => {
  const { artifacts } = compilePolicies(policyWith(["a.b"]), { targets, templates });
  const paths = artifacts.map(({ path }) => path);
  t.is(new Set(paths).size, paths.length);
  for (const path of paths) t.truthy(targetById(path.split("/")[0] ?? ""), path);
  for (const target of targets) t.true(paths.includes(`${target.id}/kustomization.yaml`), target.id);
});

test("no policies, no artifacts", (t) => {
  t.deepEqual(compilePolicies([], { targets, templates }), { artifacts: [], diagnostics: [] });
});

test("every target says of every feature how it says it", (t) => {
  for (const { id, capabilities } of targets) {
    t.deepEqual(Object.keys(capabilities.features).sort(), [...features].sort(), id);
  }
});
