import type { PatternEntry, Policy } from "@registry-policy/language";
import { emission } from "../../emission.js";
import { listExpression } from "../../expressions/pattern-expression.js";
import * as grammar from "../../expressions/reference-grammar.js";
import {
  annotationKeys,
  constraintFileOf,
  constraintMatch,
  constraintParameters,
} from "../../gatekeeper/constraint.js";
import { metadataOf } from "../../metadata.js";
import type { Artifact, Emission } from "../../target.js";
import type { Templates } from "../../templates.js";
import { capabilities } from "./capabilities.js";

/** One constraint: all that differs between policies. */
export function emit(policy: Policy, templates: Templates): Emission {
  const content = templates.render("gatekeeper/constraint.yaml.hbs", {
    metadata: metadataOf(policy, annotationKeys),
    enforcementAction: { deny: "deny", warn: "warn", audit: "dryrun" }[policy.enforcement],
    match: constraintMatch(policy),
    parameters: constraintParameters(policy, list, reasonsOf(policy)),
  });
  return emission(policy, [{ path: constraintFileOf(policy), content }], capabilities.maximumObjectBytes);
}

/** The constraint template that the constraints of all policies share. */
export function emitTemplate(templates: Templates): Artifact {
  const reference = grammar.referenceInFewInstructions;
  const rego = templates.render("gatekeeper/registry-policy.rego", { ...grammar, reference });
  const content = templates.render("gatekeeper/constraint-template.yaml.hbs", {
    version: "1.0.0",
    rego: rego.trimEnd(),
  });
  return { path: "constraint-template.yaml", content };
}

/**
 * All of a list in one expression: Gatekeeper turns the parameters into Rego's values for each review, so what counts is
 * how many values there are; OPA keeps an expression once it is compiled.
 */
function list(entries: readonly PatternEntry[]): object {
  return { expression: listExpression(entries.flatMap((entry) => entry.patterns)) };
}

function reasonsOf({ images }: Policy): object[] {
  return images.deny
    .filter((entry) => entry.reason !== undefined)
    .map(({ text, patterns, reason }) => ({ pattern: text, expression: listExpression(patterns), reason }));
}
