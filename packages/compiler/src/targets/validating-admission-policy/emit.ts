import type { Policy } from "@registry-policy/language";
import { affordableCel } from "../../cel/cost-limits.js";
import { resourceRules } from "../../cel/resource-rules.js";
import { emission } from "../../emission.js";
import { metadataOf } from "../../metadata.js";
import type { Emission } from "../../target.js";
import type { Templates } from "../../templates.js";
import { capabilities, costLimits } from "./capabilities.js";

/** A policy, and the binding without which it enforces nothing. */
export function emit(policy: Policy, templates: Templates): Emission {
  const { match, enforcement } = policy;
  const { cel, diagnostics: costDiagnostics } = affordableCel(policy, costLimits);
  const { matchConditions, variables, validation } = cel;
  const metadata = metadataOf(policy, annotationKeys);
  const artifacts = [
    {
      path: policyFileOf(policy),
      content: templates.render("validating-admission-policy/policy.yaml.hbs", {
        metadata,
        resourceRules: resourceRules(match.kinds),
        namespaceSelector: match.namespaceSelector ?? null,
        matchConditions: matchConditions.length > 0 ? matchConditions : null,
        variables,
        validation,
      }),
    },
    {
      path: bindingFileOf(policy),
      content: templates.render("validating-admission-policy/binding.yaml.hbs", {
        metadata,
        policyName: policy.name,
        validationAction: { deny: "Deny", warn: "Warn", audit: "Audit" }[enforcement],
      }),
    },
  ];
  return emission(policy, artifacts, capabilities.maximumObjectBytes, costDiagnostics);
}

export function policyFileOf({ name }: Policy): string {
  return `${name}.policy.yaml`;
}

export function bindingFileOf({ name }: Policy): string {
  return `${name}.binding.yaml`;
}

/** No tool reads annotations of a ValidatingAdmissionPolicy: the names are our own, for people. */
const annotationKeys = {
  title: "registry-policy.dev/title",
  description: "registry-policy.dev/description",
  category: "registry-policy.dev/category",
  severity: "registry-policy.dev/severity",
};
