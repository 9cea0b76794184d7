import type { Policy } from "@registry-policy/language";
import { affordableCel } from "../../cel/cost-limits.js";
import { resourceRules } from "../../cel/resource-rules.js";
import { emission } from "../../emission.js";
import { metadataOf } from "../../metadata.js";
import type { Emission } from "../../target.js";
import type { Templates } from "../../templates.js";
import { capabilities, costLimits } from "./capabilities.js";

/** One ValidatingPolicy, for every kind. */
export function emit(policy: Policy, templates: Templates): Emission {
  const { match, exempt, enforcement } = policy;
  const { cel, diagnostics: costDiagnostics } = affordableCel(policy, costLimits);
  const { matchConditions, variables, validation } = cel;
  const content = templates.render("kyverno-validating-policy/validating-policy.yaml.hbs", {
    metadata: metadataOf(policy, annotationKeys),
    // A background scan knows no user, so with an exemption for one it would report what was admitted rightly.
    background: exempt.users.length === 0 && exempt.groups.length === 0,
    resourceRules: resourceRules(match.kinds),
    namespaceSelector: match.namespaceSelector ?? null,
    matchConditions: matchConditions.length > 0 ? matchConditions : null,
    variables,
    validation,
    validationAction: { deny: "Deny", warn: "Warn", audit: "Audit" }[enforcement],
  });
  const artifact = { path: fileOf(policy), content };
  return emission(policy, [artifact], capabilities.maximumObjectBytes, costDiagnostics);
}

/** The name of the one file of a policy. */
export function fileOf({ name }: Policy): string {
  return `${name}.validating-policy.yaml`;
}

const annotationKeys = {
  title: "policies.kyverno.io/title",
  description: "policies.kyverno.io/description",
  category: "policies.kyverno.io/category",
  severity: "policies.kyverno.io/severity",
};
