import { kindNames, kinds, type PatternEntry, type Policy } from "@registry-policy/language";
import { listExpression, patternTexts, tagsExpression } from "../../expressions/pattern-expression.js";
import * as grammar from "../../expressions/reference-grammar.js";
import { metadataOf } from "../../metadata.js";
import { limitDiagnostics } from "../../object-size.js";
import type { Artifact, Emission } from "../../target.js";
import type { Templates } from "../../templates.js";
import { capabilities } from "./capabilities.js";

/** One constraint: all that differs between policies. */
export function emit(policy: Policy, templates: Templates): Emission {
  const content = templates.render("gatekeeper/constraint.yaml.hbs", {
    metadata: metadataOf(policy, annotationKeys),
    enforcementAction: { deny: "deny", warn: "warn", audit: "dryrun" }[policy.enforcement],
    match: match(policy),
    parameters: parameters(policy),
  });
  const artifact = { path: `${policy.name}.constraint.yaml`, content };
  const diagnostics = limitDiagnostics(policy, artifact, capabilities.maximumObjectBytes);
  return { artifacts: diagnostics.length > 0 ? [] : [artifact], diagnostics };
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

const annotationKeys = {
  title: "metadata.gatekeeper.sh/title",
  description: "description",
  category: "registry-policy.dev/category",
  severity: "registry-policy.dev/severity",
};

function match({ match: scope }: Policy): object {
  const groups = [...new Set(kindNames.map((kind) => kinds[kind].group))];
  return {
    kinds: groups
      .map((group) => ({ apiGroups: [group], kinds: scope.kinds.filter((kind) => kinds[kind].group === group) }))
      .filter((rule) => rule.kinds.length > 0),
    ...(scope.namespaces.length > 0 && { namespaces: scope.namespaces }),
    ...(scope.excludeNamespaces.length > 0 && { excludedNamespaces: scope.excludeNamespaces }),
    ...(scope.namespaceSelector !== undefined && { namespaceSelector: scope.namespaceSelector }),
  };
}

/**
 * Patterns stand in one text, and all of a list in one expression: Gatekeeper turns the parameters into Rego's values
 * for each review, so what counts is how many values there are; OPA keeps an expression once it is compiled.
 */
function parameters({ images, exempt }: Policy): object {
  const reasons = images.deny.filter((entry) => entry.reason !== undefined);
  const require = {
    ...(images.require.explicitRegistry && { registry: true }),
    ...(images.require.explicitTag && { tag: true }),
    ...(images.require.digest && { digest: true }),
  };
  const exemptions = {
    ...(exempt.users.length > 0 && { users: exempt.users }),
    ...(exempt.groups.length > 0 && { groups: exempt.groups }),
    ...(exempt.breakGlass && {
      breakGlass: { annotation: exempt.breakGlass.annotation, value: exempt.breakGlass.value ?? "*" },
    }),
  };
  const tags = images.denyTags.map((tag) => tag.text);
  return {
    defaultRegistry: images.defaultRegistry,
    ...(images.allow && { allow: list(images.allow) }),
    ...(images.deny.length > 0 && {
      deny: { ...list(images.deny), ...(reasons.length > 0 && { reasons: reasons.map(reasonFor) }) },
    }),
    ...(tags.length > 0 && { denyTags: { patterns: lines(tags), expression: tagsExpression(tags) } }),
    ...(Object.keys(require).length > 0 && { require }),
    ...(Object.keys(exemptions).length > 0 && { exempt: exemptions }),
  };
}

function list(entries: readonly PatternEntry[]): object {
  return {
    patterns: lines(patternTexts(entries)),
    expression: listExpression(entries.flatMap((entry) => entry.patterns)),
  };
}

function reasonFor(entry: PatternEntry): object {
  return { pattern: entry.text, expression: listExpression(entry.patterns), reason: entry.reason };
}

function lines(texts: readonly string[]): string {
  return [...new Set(texts)].sort().join("\n");
}
