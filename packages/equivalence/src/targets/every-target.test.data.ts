import { compilePolicies, loadTemplates, type TargetId, targets } from "@registry-policy/compiler";
import { type EngineHost, HostError, openEngine, startHost } from "@registry-policy/engines";
import test from "ava";
import type { PolicyCases } from "../files/assign-fixtures.js";
import { readOurs } from "../files/discover.js";
import { checkPolicies } from "../matrix/check-policies.js";

/** What is to be seen of a policy on every target, and what every engine has to say of some requests. */
export interface EveryTarget {
  /** The `spec` of a policy, as YAML. */
  readonly spec: string;
  /** Texts that stand in what each target emits: a new target breaks every test until it is answered. */
  readonly emitted: Readonly<Record<TargetId, readonly string[]>>;
  /** The `cases` of fixtures, as YAML: what every engine, and the reference evaluator, says of them. */
  readonly cases: string;
}

const templates = loadTemplates();
let host: EngineHost;
test.before(async () => {
  host = await startHost().catch((error: unknown) => {
    throw error instanceof HostError ? new Error(`${error.message}\n${error.help}`, { cause: error }) : error;
  });
});
test.after.always(() => host?.close());

/** One test for each target: what is emitted, and then what its own engine makes of it. */
export function everyTarget(title: string, { spec, emitted, cases }: EveryTarget): void {
  for (const target of targets) {
    const id = target.id as TargetId;
    test(`${title}: ${id}`, async (t) => {
      const policyCases = readPolicyCases(spec, cases);
      const { artifacts, diagnostics } = compilePolicies([policyCases.found.policy], { targets: [target], templates });
      t.deepEqual(diagnostics, []);
      const text = artifacts.map(({ content }) => (typeof content === "string" ? content : "")).join("\n");
      for (const part of emitted[id]) t.true(text.includes(part), `${part}\nis not in\n${text}`);

      const result = await checkPolicies([{ ...policyCases, emitted: artifacts }], [openEngine(id, host)]);
      for (const { name, failures, disagreements, engines } of result.policies.flatMap((policy) => policy.cases)) {
        const words = [...failures, ...[...disagreements.values()].flat()];
        t.deepEqual(words, [], `${name}: ${JSON.stringify([...engines])}`);
      }
      t.deepEqual(result.summary, { cases: policyCases.cases.length, disagreements: 0, failures: 0 });
    });
  }
}

/** A policy named `p`, and its cases. */
export function readPolicyCases(spec: string, cases: string): PolicyCases {
  // Not by an expression: `^` would see a line's beginning behind U+2028 too.
  const indented = (text: string) => `  ${text.trim().replaceAll("\n", "\n  ")}`;
  const head = (kind: string) => `apiVersion: registry-policy.dev/v1\nkind: ${kind}\n`;
  const policyText = `${head("RegistryPolicy")}metadata:\n  name: p\nspec:\n${indented(spec)}\n`;
  const fixturesText = `${head("Fixtures")}cases:\n${indented(cases)}\n`;
  const place = (path: string) => ({ path, isNamed: true, folders: [] });
  const ours = readOurs(place("policy.yaml"), policyText);
  const theirs = readOurs(place("fixtures.yaml"), fixturesText);
  const [policy] = ours.policies;
  const fixtures = theirs.fixtures.flatMap(({ set }) => set.cases);
  const diagnostics = [...ours.policyDiagnostics, ...theirs.policyDiagnostics, ...theirs.fixtureDiagnostics];
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (policy === undefined || fixtures.length === 0 || errors.length > 0) {
    throw new Error(errors.map(({ message, help }) => `${message}\n${help}`).join("\n"));
  }
  return { found: policy, cases: fixtures };
}
