import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { compilePolicies, loadTemplates, targetById } from "@registry-policy/compiler";
import { type EngineHost, openEngine, startHost } from "@registry-policy/engines";
import test from "ava";
import { assignFixtures } from "./files/assign-fixtures.js";
import { discover } from "./files/discover.js";
import { checkPolicies } from "./matrix/check-policies.js";
import { availableEngines, engineParts } from "./matrix/judged-by.js";

let host: EngineHost;
test.before(async () => {
  host = await startHost();
});
test.after.always(() => host?.close());

const directory = fileURLToPath(new URL("../counterexamples", import.meta.url));
const targets = [...new Set(availableEngines.map((id) => engineParts[id].target))].map(targetById);

test("nothing that once made engines disagree makes them disagree again", async (t) => {
  const templates = loadTemplates();
  const engines = availableEngines.map((id) => openEngine(id, host));
  const names = await readdir(directory);
  t.true(names.length > 0);
  for (const name of names) {
    const found = await discover([`${directory}/${name}`]);
    const { assigned, diagnostics } = assignFixtures(found);
    t.deepEqual([...found.policyDiagnostics, ...found.fixtureDiagnostics, ...diagnostics].filter(isError), [], name);
    const policies = assigned.map((policy) => ({
      ...policy,
      emitted: compilePolicies([policy.found.policy], { targets: targets.filter(isDefined), templates }).artifacts,
    }));
    const { policies: results, summary } = await checkPolicies(policies, engines);
    t.true(summary.cases > 0, name);
    for (const { failures, disagreements } of results.flatMap(({ cases }) => cases)) {
      t.deepEqual([failures, [...disagreements]], [[], []], name);
    }
  }
});

function isError({ severity }: { severity: string }): boolean {
  return severity === "error";
}

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}
