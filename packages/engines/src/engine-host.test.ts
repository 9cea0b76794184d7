import { readFileSync } from "node:fs";
import type { Review } from "@registry-policy/language";
import test from "ava";
import type { EngineVerdict, PolicyFile } from "./engine.js";
import type { EngineHost } from "./engine-host.js";
import { type EngineId, engineIds, engines } from "./engines.js";
import { type Enforcement, policyOf } from "./judged.test.data.js";
import { openEngine } from "./open-engine.js";
import { pod, review } from "./review.test.data.js";
import { runningHost } from "./running-host.test.data.js";
import { maxRequestLength } from "./stdio-protocol.js";

const ours = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

let host: EngineHost;
test.before(async () => {
  host = await runningHost();
});
test.after.always(() => host?.close());

test("the host is of the version of its package", (t) => {
  t.is(host.version, JSON.parse(ours("../package.json")).version);
});

test("the host embeds the versions that are locked", (t) => {
  const modules = {
    kyverno: "github.com/kyverno/kyverno",
    gatekeeper: "github.com/open-policy-agent/gatekeeper/v3",
    opa: "github.com/open-policy-agent/opa",
    kubernetes: "k8s.io/apiserver",
    cel: "github.com/google/cel-go",
    "distribution-reference": "github.com/distribution/reference",
  };
  const goMod = ours("../host/go.mod");
  for (const [name, module] of Object.entries(modules)) {
    const [, locked] = new RegExp(`^\\t${module} (\\S+)`, "m").exec(goMod) ?? [];
    t.is(host.versions[name as keyof typeof modules], String(locked), "the host is stale: run `npm run setup`");
  }
});

test("every engine that the host runs is in its registry, and no other is", (t) => {
  const registry = ours("../host/registry.go");
  const inHost = engineIds.filter((id) => engines[id].runsIn !== "node");
  for (const id of inHost) t.true(registry.includes(`${id.replaceAll("-", "")}.ID:`), id);
  t.is(registry.match(/\.ID:/g)?.length, inHost.length);
});

test("references are parsed as container runtimes do", async (t) => {
  const texts = ["nginx", "GHCR.io:0443/acme/x:v1", `a/b@sha256:${"0".repeat(64)}`, "A", "", "x\ud800", "0".repeat(64)];
  const parsed = await host.parseReferences(texts);
  t.like(parsed[0], { domain: "docker.io", path: "library/nginx", tag: "", digest: "", error: undefined });
  t.like(parsed[1], { domain: "GHCR.io:0443", path: "acme/x", tag: "v1" });
  t.like(parsed[2], { domain: "docker.io", path: "a/b", digest: `sha256:${"0".repeat(64)}` });
  for (const { error } of parsed.slice(3)) t.is(typeof error, "string");
});

test("more references than fit in one request come back in their order", async (t) => {
  const texts = Array.from({ length: 12_000 }, (_, i) => `acme/x${i}`);
  const parsed = await host.parseReferences(texts);
  t.deepEqual(
    parsed.map(({ path }) => path),
    texts,
  );
});

test("a review that is too long for the host is an error verdict between its neighbours", async (t) => {
  const policy = await openEngine("gatekeeper", host).load(policyOf.gatekeeper("deny"));
  const long = review({ object: pod([`registry.corp/${"x".repeat(maxRequestLength / 3)}`]) });
  const verdicts = await policy.judge([
    review({ object: pod(["evil/x"]) }),
    long,
    review({ object: pod(["registry.corp/x"]) }),
  ]);
  t.deepEqual(
    verdicts.map(({ verdict }) => verdict),
    ["deny", "error", "allow"],
  );
  t.regex(verdicts[1]?.error ?? "", /characters long, where \d+ is the limit/);
});

test("engines that are asked together say of each review what they say alone", async (t) => {
  const long = review({ object: pod(["x".repeat(maxRequestLength / 3)]) });
  const [good, evil] = [review({ object: pod(["registry.corp/x"]) }), review({ object: pod(["evil/x"]) })];
  const asked: Partial<Record<EngineId, Review[]>> = { gatekeeper: [evil, long, good], "opa-rego": [good, evil] };
  const policies = await Promise.all(
    engineIds.map(async (id) => [id, await openEngine(id, host).load(policyOf[id]("deny"))] as const),
  );
  const kindsOf = (verdicts: readonly EngineVerdict[]) => verdicts.map(({ verdict }) => verdict);
  const judged = await Promise.all(
    policies.map(async ([id, policy]) => [id, kindsOf(await policy.judge(asked[id] ?? [evil, good]))]),
  );
  t.deepEqual(Object.fromEntries(judged), {
    ...Object.fromEntries(engineIds.map((id) => [id, ["deny", "allow"]])),
    gatekeeper: ["deny", "error", "allow"],
    "opa-rego": ["allow", "deny"],
  });
});

test("an image of a megabyte is judged", async (t) => {
  const long = review({ object: pod([`evil/${"x".repeat(1_000_000)}`]) });
  for (const engine of engineIds) {
    const policy = await openEngine(engine, host).load(policyOf[engine]("deny"));
    const [verdict] = await policy.judge([long]);
    t.true(["deny", "error"].includes(verdict?.verdict ?? ""), `${engine}: ${verdict?.verdict}`);
    await policy.unload();
  }
});

test("the cost limit of the API server holds, and is an error", async (t) => {
  const [file] = policyOf["validating-admission-policy"]("deny");
  const costly = 'variables.containers.all(a, variables.containers.all(b, (a.image + b.image).matches("(x|y|z)*")))';
  const content = String(file?.content).replace("size(variables.foreign) == 0", costly);
  const policy = await openEngine("validating-admission-policy", host).load([{ name: "policy.yaml", content }]);
  const few = review({ object: pod(["xyz"]) });
  const many = review({ object: pod(Array.from({ length: 400 }, () => "xyz".repeat(30))) });
  const [cheap, dear] = await policy.judge([few, many]);
  t.is(cheap?.verdict, "allow");
  t.is(dear?.verdict, "error");
  t.regex(dear?.error ?? "", /cost limit exceeded|cost budget/);
});

const clusterPolicy = (enforcement: Enforcement, change: (text: string) => string) => {
  const [file] = policyOf["kyverno-cluster-policy"](enforcement);
  return openEngine("kyverno-cluster-policy", host).load([
    { name: "policy.yaml", content: change(String(file?.content)) },
  ]);
};

const evil = review({ object: pod(["evil/x"]) });

test("Kyverno's warnings about a policy come with it", async (t) => {
  const policy = await clusterPolicy("deny", (text) =>
    text.replace("rules:", "validationFailureAction: enforce\n  rules:"),
  );
  t.regex(policy.warnings.join("\n"), /spec\.validationFailureAction: .* are deprecated/);
  t.is((await policy.judge([evil]))[0]?.verdict, "deny");
});

const matchConditions = (expression: string) => (text: string) =>
  text.replace(
    "rules:",
    `webhookConfiguration:\n    matchConditions:\n      - {name: m, expression: '${expression}'}\n  rules:`,
  );

test("a ClusterPolicy with match conditions has a webhook of its own, which warns where it should only record", async (t) => {
  const [matched] = await (await clusterPolicy("audit", matchConditions("true"))).judge([evil]);
  t.is(matched?.verdict, "warn");
  const [unmatched] = await (await clusterPolicy("deny", matchConditions('request.operation == "DELETE"'))).judge([
    evil,
  ]);
  t.is(unmatched?.verdict, "out-of-scope");
  const [refused] = await (await clusterPolicy("deny", matchConditions("true"))).judge([evil]);
  t.is(refused?.verdict, "deny");
});

test("a ClusterPolicy that allows existing violations admits an update of what violated before", async (t) => {
  const policy = await clusterPolicy("deny", (text) => text.replace("allowExistingViolations: false", ""));
  const update = (before: string) => review({ operation: "UPDATE", object: pod(["evil/x"]), oldObject: pod([before]) });
  const verdicts = await policy.judge([update("registry.corp/a"), update("evil/y")]);
  t.deepEqual(
    verdicts.map(({ verdict }) => verdict),
    ["deny", "allow"],
  );
});

test("a ClusterPolicy for all operations is asked about deletions, and Gatekeeper's webhook never is", async (t) => {
  const deletion = review({ operation: "DELETE", oldObject: pod(["evil/x"]) });
  const all = await clusterPolicy("deny", (text) => text.replace("operations: [CREATE, UPDATE]", ""));
  t.not((await all.judge([deletion]))[0]?.verdict, "out-of-scope");
  const [template, constraint] = policyOf.gatekeeper("deny") as [PolicyFile, PolicyFile];
  const content = String(template.content).replace("operations: [CREATE, UPDATE]", "operations: ['*']");
  const policy = await openEngine("gatekeeper", host).load([{ ...template, content }, constraint]);
  t.is((await policy.judge([deletion]))[0]?.verdict, "out-of-scope");
});
