import { setImmediate } from "node:timers/promises";
import type { Engine, EngineVerdict } from "@registry-policy/engines";
import { PolicyRefused } from "@registry-policy/engines";
import { evaluate, type Policy, parsePolicies, type Review } from "@registry-policy/language";
import test from "ava";
import type { PolicyCases } from "../files/assign-fixtures.js";
import { readOurs } from "../files/discover.js";
import { checkPolicies } from "./check-policies.js";
import { checkReport } from "./check-report.js";

const policyText = (match: string) => `apiVersion: registry-policy.dev/v1
kind: RegistryPolicy
metadata: {name: p}
spec: {${match}images: {allow: [ghcr.io]}}
`;
const fixturesText = `apiVersion: registry-policy.dev/v1
kind: Fixtures
cases:
  - {name: good, image: ghcr.io/a/b, expect: allow}
  - {name: bad, image: nginx, expect: deny}
  - {name: unknown, image: nginx, namespace: {labels: null}, expect: deny}
`;

function cases(match = ""): PolicyCases {
  const read = parsePolicies({ text: policyText(match), file: "policy.yaml" });
  const [policy] = read.policies;
  const [name] = read.names;
  const found = { path: "fixtures.yaml", isNamed: true, folders: [] };
  const [fixtures] = readOurs(found, fixturesText).fixtures;
  if (policy === undefined || name === undefined || fixtures === undefined) throw new Error("they are not read");
  return { found: { policy, name, file: "policy.yaml" }, cases: fixtures.set.cases };
}

/** An engine that says what it is told to say. */
function engine(id: Engine["id"], judge: (review: Review) => Partial<EngineVerdict>): Engine {
  return {
    id,
    version: "1",
    load: async () => ({
      engine: id,
      warnings: [],
      unload: async () => {},
      judge: async (reviews) =>
        reviews.map((review) => ({
          engine: id,
          engineVersion: "1",
          verdict: "allow",
          images: [],
          messages: [],
          durationNs: 1,
          ...judge(review),
        })),
    }),
  };
}

/** An engine that is right. */
function honest(id: Engine["id"], policy: Policy): Engine {
  return engine(id, (review) => {
    const { verdict, violations } = evaluate(policy, review);
    return { verdict, images: violations.map(({ image }) => image) };
  });
}

test("engines that are right agree about every case", async (t) => {
  const policy = cases();
  const engines = [honest("gatekeeper", policy.found.policy), honest("opa", policy.found.policy)];
  const result = await checkPolicies([{ ...policy, emitted: [] }], engines);
  t.deepEqual(result.summary, { cases: 3, disagreements: 0, failures: 0 });
});

test("an engine that lets everything in disagrees about what it should refuse", async (t) => {
  const policy = cases();
  const engines = [honest("gatekeeper", policy.found.policy), engine("opa", () => ({}))];
  const result = await checkPolicies([{ ...policy, emitted: [] }], engines);
  t.deepEqual(result.summary, { cases: 3, disagreements: 2, failures: 0 });
  const [, bad] = result.policies[0]?.cases ?? [];
  t.deepEqual([...(bad?.disagreements ?? [])], [["opa", ["says `allow` where the reference evaluator says `deny`"]]]);
});

test("an engine that refuses the policy judges every case as an error", async (t) => {
  const policy = cases();
  const refusing: Engine = {
    id: "opa",
    version: "1",
    load: async () => {
      throw new PolicyRefused("opa", "no");
    },
  };
  const result = await checkPolicies([{ ...policy, emitted: [] }], [refusing]);
  t.is(result.summary.disagreements, 3);
  t.regex(result.policies[0]?.cases[0]?.engines.get("opa")?.error ?? "", /refuses the policy: no/);
});

test("an engine that looks namespaces up is not asked where nobody knows the labels", async (t) => {
  const policy = cases("match: {namespaceSelector: {matchLabels: {env: prod}}}, ");
  const engines = [honest("gatekeeper", policy.found.policy), honest("opa", policy.found.policy)];
  const result = await checkPolicies([{ ...policy, emitted: [] }], engines);
  const [good, , unknown] = result.policies[0]?.cases ?? [];
  t.deepEqual([...(good?.engines.keys() ?? [])], ["gatekeeper", "opa"]);
  t.deepEqual([...(unknown?.engines.keys() ?? [])], ["opa"]);
  t.is(unknown?.engines.get("opa")?.verdict, "deny");
});

test("each engine is given what its own target emits, and nothing for the user's other tools", async (t) => {
  const loaded: string[] = [];
  const policy = cases();
  const noting = (id: Engine["id"]): Engine => ({
    ...honest(id, policy.found.policy),
    load: async (files) => {
      loaded.push(...files.map(({ name }) => `${id} ${name}`));
      return honest(id, policy.found.policy).load(files);
    },
  });
  const emitted = [
    "gatekeeper/kustomization.yaml",
    "gatekeeper/p.yaml",
    "opa/kustomization.yaml",
    "opa/p/bundle.tar.gz",
    "opa/p/policy.rego",
    "opa/p/data.json",
  ].map((path) => ({ path, content: "" }));
  await checkPolicies([{ ...policy, emitted }], [noting("gatekeeper"), noting("opa"), noting("opa-rego")]);
  t.deepEqual(loaded, ["gatekeeper p.yaml", "opa p/bundle.tar.gz", "opa-rego p/policy.rego", "opa-rego p/data.json"]);
});

test("the report has the reference evaluator first, and says who could not be asked by leaving it out", async (t) => {
  const policy = cases("match: {namespaceSelector: {matchLabels: {env: prod}}}, ");
  const result = await checkPolicies([{ ...policy, emitted: [] }], [honest("gatekeeper", policy.found.policy)]);
  const report = checkReport(result, { name: "registry-policy", version: "9" });
  t.deepEqual(report.engines, [
    { name: "reference", version: "9" },
    { name: "gatekeeper", version: "1" },
  ]);
  t.deepEqual(report.policies[0]?.cases[2], {
    name: "unknown",
    expect: "deny",
    verdicts: {
      reference: {
        verdict: "deny",
        images: ["nginx"],
        messages: ["spec.containers[0].image: unlisted `nginx`"],
        error: null,
      },
    },
    ok: true,
  });
});

test("policies are compiled while the one before is judged, and each is forgotten", async (t) => {
  const told: string[] = [];
  const slow = engine("opa", () => ({}));
  const recording: Engine = {
    ...slow,
    async load(files) {
      const name = String(told.filter((event) => event.startsWith("load")).length + 1);
      told.push(`load ${name}`);
      const loaded = await slow.load(files);
      return {
        ...loaded,
        async judge(reviews) {
          told.push(`judge ${name}`);
          await setImmediate();
          told.push(`judged ${name}`);
          return loaded.judge(reviews);
        },
        async unload() {
          told.push(`unload ${name}`);
        },
      };
    },
  };
  const policies = [cases(), cases(), cases()].map((policy) => ({ ...policy, emitted: [] }));
  const { policies: results } = await checkPolicies(policies, [recording]);
  t.is(results.length, 3);
  for (const [index, name] of ["1", "2"].entries()) {
    t.true(told.indexOf(`load ${index + 2}`) < told.indexOf(`judged ${name}`), told.join());
    t.true(told.indexOf(`load ${index + 2}`) > told.indexOf(`judge ${name}`), told.join());
  }
  for (const name of ["1", "2", "3"]) t.is(told.filter((event) => event === `unload ${name}`).length, 1);
});

test("what fails first is told, also where the next policy fails to be compiled", async (t) => {
  let loads = 0;
  const good = engine("opa", () => ({}));
  const failing: Engine = {
    ...good,
    async load(files) {
      loads += 1;
      if (loads === 2) throw new Error("the second is not compiled");
      return { ...(await good.load(files)), judge: () => Promise.reject(new Error("the first is not judged")) };
    },
  };
  const policies = [cases(), cases()].map((policy) => ({ ...policy, emitted: [] }));
  await t.throwsAsync(checkPolicies(policies, [failing]), { message: "the first is not judged" });
  t.is(loads, 2);
});
