import { compilePolicies, loadTemplates, type TargetId, targets } from "@registry-policy/compiler";
import { type EngineHost, openEngine, startHost } from "@registry-policy/engines";
import test from "ava";
import { checkPolicies } from "../matrix/check-policies.js";
import { readPolicyCases } from "./every-target.test.data.js";

/*
 * The limits of CEL: an engine stops an expression, and then refuses the request without having judged it. What the
 * compiler emits must be judged for a pod of 50 containers; what could not be is refused when it is compiled.
 */

const celTargets = targets.filter(({ id }) =>
  (["kyverno-validating-policy", "gatekeeper-cel", "validating-admission-policy"] as string[]).includes(id),
);
/** What the limits promise for each image. */
const imageLengths: Partial<Record<TargetId, number>> = { "gatekeeper-cel": 256 };

let host: EngineHost;
test.before(async () => {
  host = await startHost();
});
test.after.always(() => host?.close());

const templates = loadTemplates();
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

const policies = {
  "1,000 names, tags, digests, ports and prefixes": {
    allow: [
      ...numbers(200).map((n) => `registry-${n}.my.com/team/**`),
      ...numbers(200).map((n) => `ghcr.io/acme-${n}/app`),
      ...numbers(200).map((n) => `quay.io/acme/app-${n}:v1`),
      ...numbers(200).map((n) => `quay.io/acme/pinned-${n}@sha256:${String(n).padStart(64, "0")}`),
      ...numbers(200).map((n) => `corp-${n}.example:5000/**`),
    ],
    deny: numbers(1000).map((n) => `registry-1.my.com/team/sandbox-${n}/**`),
    require: { tag: "explicit" },
    denyTags: ["latest", "*-dev"],
  },
  "as many wildcards as there is room for": {
    allow: ["registry-1.my.com/**", ...numbers(7).map((n) => `registry-${n}.my.com/a*/**`)],
    deny: ["**/**/sandbox"],
    denyTags: ["latest"],
  },
};

/** An image of so many characters, the registry and the tag in it. */
function imageOf(registry: string, length: number): string {
  const tag = ":v1";
  return `${registry}/team/${"a".repeat(length - registry.length - 6 - tag.length)}${tag}`;
}

for (const [name, images] of Object.entries(policies)) {
  for (const target of celTargets) {
    const id = target.id as TargetId;
    test(`${name}, 50 containers: ${id}`, async (t) => {
      const length = imageLengths[id] ?? 512;
      const pod = (registry: string) => ({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "p" },
        spec: { containers: numbers(50).map((n) => ({ name: `c${n}`, image: imageOf(registry, length) })) },
      });
      const cases = [
        { name: "all admitted", object: pod("registry-1.my.com"), expect: "allow" },
        { name: "all refused", object: pod("evil.example"), expect: "deny" },
        { name: "all refused for a longer registry", object: pod(`${"A".repeat(60)}.example:0443`), expect: "deny" },
      ];
      const policy = readPolicyCases(JSON.stringify({ images }), JSON.stringify(cases));
      const { artifacts, diagnostics } = compilePolicies([policy.found.policy], { targets: [target], templates });
      t.deepEqual(diagnostics, []);
      const result = await checkPolicies([{ ...policy, emitted: artifacts }], [openEngine(id, host)]);
      for (const { name, failures, disagreements } of result.policies.flatMap((judged) => judged.cases)) {
        t.deepEqual([...failures, ...[...disagreements.values()].flat()], [], name);
      }
      t.deepEqual(result.summary, { cases: cases.length, disagreements: 0, failures: 0 });
    });
  }
}

for (const target of celTargets) {
  test(`what could not be judged is refused with its number: ${target.id}`, (t) => {
    const allow = numbers(2000).map((n) => `registry-${n}.my.com/a*/**`);
    const policy = readPolicyCases(JSON.stringify({ images: { allow } }), "[{name: c, image: x, expect: deny}]");
    const { artifacts, diagnostics } = compilePolicies([policy.found.policy], { targets: [target], templates });
    if (target.id === "kyverno-validating-policy") {
      // Kyverno has a limit for each expression, and none for all of them.
      t.deepEqual(diagnostics, []);
      return;
    }
    t.deepEqual(
      diagnostics.map(({ code, severity }) => ({ code, severity })),
      [{ code: "cel-too-costly", severity: "error" }],
    );
    t.regex(diagnostics[0]?.message ?? "", /would cost up to [0-9]{7,} for a pod with 50 images/);
    t.deepEqual(artifacts, []);
  });
}

for (const target of celTargets) {
  const id = target.id as TargetId;
  test(`policies whose names differ in their last character alone stay two: ${id}`, async (t) => {
    const policy = readPolicyCases("images: {allow: [a.b]}", "[{name: c, image: x, expect: deny}]");
    const named = ["x", "y"].map((end) => ({ ...policy.found.policy, name: `${"n".repeat(62)}${end}` }));
    const { artifacts, diagnostics } = compilePolicies(named, { targets: [target], templates });
    t.deepEqual(diagnostics, []);
    const result = await checkPolicies([{ ...policy, emitted: artifacts }], [openEngine(id, host)]);
    t.deepEqual(result.summary, { cases: 1, disagreements: 0, failures: 0 });
  });
}

for (const target of celTargets) {
  const id = target.id as TargetId;
  test(`odd images are named as they are, and nothing that they imitate: ${id}`, async (t) => {
    const odd = [
      'evil/"x',
      "evil\\x",
      'x: ["nginx"]',
      '"] + ["',
      "two\nlines",
      "\u0001\u001f",
      "\t",
      "grün",
      "🙂",
      "%s%d",
      "b".repeat(600),
      "b".repeat(4000),
      "b".repeat(60_000),
      '"'.repeat(60_000),
      "é\n".repeat(30_000),
    ];
    const cases = odd.map((image) => ({
      name: `${image.length} ${JSON.stringify(image).slice(0, 40)}`,
      image,
      expect: "deny",
    }));
    const policy = readPolicyCases("images: {allow: [registry.my.com]}", JSON.stringify(cases));
    const { artifacts } = compilePolicies([policy.found.policy], { targets: [target], templates });
    const result = await checkPolicies([{ ...policy, emitted: artifacts }], [openEngine(id, host)]);
    for (const { name, failures, disagreements } of result.policies.flatMap((judged) => judged.cases)) {
      t.deepEqual([...failures, ...[...disagreements.values()].flat()], [], name);
    }
    t.is(result.summary.cases, odd.length);
  });
}
