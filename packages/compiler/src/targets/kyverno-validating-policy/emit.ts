import type { Policy } from "@registry-policy/language";
import { policyCel } from "../../cel/policy-cel.js";
import { resourceRules } from "../../cel/resource-rules.js";
import { metadataOf } from "../../metadata.js";
import { limitDiagnostics } from "../../object-size.js";
import type { Emission } from "../../target.js";
import type { Templates } from "../../templates.js";
import { capabilities } from "./capabilities.js";

/** One ValidatingPolicy, for every kind. */
export function emit(policy: Policy, templates: Templates): Emission {
  const { match, exempt, enforcement } = policy;
  const { matchConditions, variables, validation } = policyCel(policy);
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
  const diagnostics = limitDiagnostics(policy, artifact, capabilities.maximumObjectBytes);
  return { artifacts: diagnostics.length > 0 ? [] : [artifact], diagnostics };
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
