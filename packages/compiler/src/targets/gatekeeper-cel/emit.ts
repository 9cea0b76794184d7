import type { Policy } from "@registry-policy/language";
import { affordable } from "../../cel/cost-limits.js";
import { emission } from "../../emission.js";
import { annotationKeys, constraintFileOf, constraintMatch } from "../../gatekeeper/constraint.js";
import { metadataOf } from "../../metadata.js";
import type { Artifact, Emission } from "../../target.js";
import type { Templates } from "../../templates.js";
import { capabilities, costLimits } from "./capabilities.js";
import { costsOf } from "./costs.js";
import { celParameters } from "./parameters.js";
import { templateConditions, templateValidation, templateVariables } from "./template-code.js";

/** One constraint: all that differs between policies. */
export function emit(policy: Policy, templates: Templates): Emission {
  const { exempt, enforcement } = policy;
  const { withReasons, diagnostics } = affordable(policy, costLimits, (withReasons) => costsOf(policy, withReasons));
  const content = templates.render("gatekeeper-cel/constraint.yaml.hbs", {
    metadata: metadataOf(policy, annotationKeys),
    enforcement: enforcementOf(
      { deny: "deny", warn: "warn", audit: "dryrun" }[enforcement],
      exempt.users.length > 0 || exempt.groups.length > 0,
    ),
    match: constraintMatch(policy),
    parameters: celParameters(policy, withReasons),
  });
  return emission(policy, [{ path: constraintFileOf(policy), content }], capabilities.maximumObjectBytes, diagnostics);
}

/** The constraint template that the constraints of all policies share. */
export function emitTemplate(templates: Templates): Artifact {
  const content = templates.render("gatekeeper-cel/constraint-template.yaml.hbs", {
    version: "1.0.0",
    matchConditions: templateConditions,
    variables: templateVariables,
    validation: templateValidation,
  });
  return { path: "constraint-template.yaml", content };
}

/**
 * An audit knows no user, so with an exemption for one it would report what was admitted rightly: then it is off. The
 * point of the command gator is one that nothing in a cluster asks for (pkg/util/enforcement_action.go of Gatekeeper).
 */
function enforcementOf(action: string, isForWebhookAlone: boolean): object {
  if (!isForWebhookAlone) return { enforcementAction: action };
  return {
    enforcementAction: "scoped",
    scopedEnforcementActions: [
      { action, enforcementPoints: [{ name: "validation.gatekeeper.sh" }, { name: "gator.gatekeeper.sh" }] },
    ],
  };
}
