import type { Policy } from "@registry-policy/language";
import type { PolicyCases } from "../files/assign-fixtures.js";
import type { ExpectedImage, FixtureCase } from "../fixtures/fixture.js";
import { asciiJson } from "./ascii-json.js";
import { caseIds } from "./case-ids.js";
import type { PolicyTests } from "./policy-tests.js";
import { regoText } from "./rego-text.js";

/** Tests for `opa test`, which can say every fixture: OPA is asked with the whole request. */
export function opaTests({ found: { policy }, cases }: PolicyCases): PolicyTests {
  const ids = caseIds(
    cases.map(({ name }) => name),
    "_",
  ).map((id) => `test_${id}`);
  const written = cases.map((fixture, index) => ({ id: ids[index] ?? "", fixture }));
  const header = `# The fixtures of the policy ${policy.name}, for OPA's own command, in the folder \`opa\`:
# opa test ${policy.name}/policy.rego ${policy.name}/data.json tests/${policy.name}/${policy.name}_test.rego
package kubernetes.admission_test

import data.kubernetes.admission
`;
  const content = [header, ...written.map(({ id, fixture }) => testOf(id, policy, fixture))].join("\n");
  return { artifacts: [{ path: `${policy.name}_test.rego`, content }], written, leftOut: [] };
}

function testOf(id: string, policy: Policy, { name, expect, review }: FixtureCase): string {
  const { request, namespaceLabels } = review;
  const input = namespaceLabels === null ? { request } : { request, namespaceLabels };
  const inScope = ["decision.scope", `decision.enforcement == ${regoText(policy.enforcement)}`];
  const conditions = {
    "out-of-scope": ["not decision.scope", "count(decision.violations) == 0"],
    allow: [...inScope, "count(decision.violations) == 0"],
    deny: [...inScope, ...violationConditions(expect.images)],
  }[expect.verdict];
  const lines = [`decision := admission.decision with input as ${regoText(input, "\t")}`, ...conditions];
  return `# ${asciiJson(name)}\n${id} if {\n${lines.map((line) => `\t${line}\n`).join("")}}\n`;
}

function violationConditions(images: readonly ExpectedImage[] | undefined): string[] {
  if (images === undefined) return ["count(decision.violations) > 0"];
  return [
    `count(decision.violations) == ${images.length}`,
    ...images.map((image) => {
      const parts = Object.entries(image).map(([key, value]) => `violation.${key} == ${regoText(value)}`);
      return `count([violation | some violation in decision.violations; ${parts.join("; ")}]) > 0`;
    }),
  ];
}
