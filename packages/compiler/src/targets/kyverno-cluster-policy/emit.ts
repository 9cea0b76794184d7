import { type Diagnostic, kinds, type Policy } from "@registry-policy/language";
import { anchoredGlob } from "../../expressions/literal.js";
import { listExpression } from "../../expressions/pattern-expression.js";
import {
  digest,
  imageId,
  maximumLength,
  name,
  reference,
  tagOfAnyLength,
} from "../../expressions/reference-grammar.js";
import { jmespathExpression, jmespathText } from "../../jmespath-text.js";
import { metadataOf } from "../../metadata.js";
import { limitDiagnostics } from "../../object-size.js";
import type { Emission } from "../../target.js";
import type { Templates } from "../../templates.js";
import { capabilities } from "./capabilities.js";
import { podTemplate, pulledImages } from "./pulled-images.js";
import { patternsOf, refusedImages } from "./refused-images.js";
import { admitsShortNames, subjectOf } from "./subject.js";

/** One ClusterPolicy with one rule, for every kind. */
export function emit(policy: Policy, templates: Templates): Emission {
  const { breakGlass, users, groups } = policy.exempt;
  const content = templates.render("kyverno-cluster-policy/cluster-policy.yaml.hbs", {
    metadata: metadataOf(policy, annotationKeys, {
      // All kinds are written out: what autogen makes of a rule has holes (no PodTemplate, text replaced in literals).
      "pod-policies.kyverno.io/autogen-controllers": "none",
    }),
    // A background scan knows no user, so with an exemption for one it would report what was admitted rightly.
    background: users.length === 0 && groups.length === 0,
    emitWarning: policy.enforcement === "warn",
    resources: matchedResources(policy),
    exclude: excluded(policy),
    context: contextEntries(policy),
    preconditions: breakGlass === undefined ? null : unlessGlassIsBroken(policy, breakGlass),
    failureAction: policy.enforcement === "deny" ? "Enforce" : "Audit",
  });
  const artifact = { path: `${policy.name}.cluster-policy.yaml`, content };
  const diagnostics: Diagnostic[] = limitDiagnostics(policy, artifact, capabilities.maximumObjectBytes);
  return { artifacts: diagnostics.length > 0 ? [] : [artifact], diagnostics };
}

export const annotationKeys = {
  title: "policies.kyverno.io/title",
  description: "policies.kyverno.io/description",
  category: "policies.kyverno.io/category",
  severity: "policies.kyverno.io/severity",
};

function matchedResources({ match }: Policy): object {
  return {
    // Group, version, kind: without its group, `Pod` would be every group's.
    kinds: match.kinds.map((kind) => `${kinds[kind].group}/*/${kind}`),
    operations: ["CREATE", "UPDATE"],
    ...(match.namespaces.length > 0 && { namespaces: match.namespaces }),
    ...(match.namespaceSelector !== undefined && { namespaceSelector: match.namespaceSelector }),
  };
}

function excluded({ match, exempt }: Policy): object[] | null {
  const subjects = [
    // `*` would match a request without a user too, which no exemption covers.
    ...exempt.users.map((user) => ({ kind: "User", name: user.replace(/^\*+$/, "?*") })),
    ...exempt.groups.map((group) => ({ kind: "Group", name: group })),
  ];
  const any = [
    ...(match.excludeNamespaces.length > 0 ? [{ resources: { namespaces: match.excludeNamespaces } }] : []),
    ...(subjects.length > 0 ? [{ subjects }] : []),
  ];
  return any.length > 0 ? any : null;
}

/**
 * Kyverno loads an entry when an expression names it, so the last two only for a refusal. It looks for the names of
 * all the entries before it in the text of each: few entries with short texts cost least.
 */
function contextEntries(policy: Policy): object[] {
  const variable = (entry: string, jmesPath: string, fallback?: string) => ({
    name: entry,
    variable: { jmesPath, ...(fallback !== undefined && { default: fallback }) },
  });
  return [
    variable("podSpec", podTemplate(policy.match.kinds, "spec"), "none"),
    variable("pulled", pulledImages),
    variable("valid", validity(policy)),
    variable("refused", refusedImages(policy)),
    variable("invalid", invalidImages),
    variable("message", message(policy)),
  ];
}

/**
 * Whether every image is a valid reference. The list is looked at as one text, for Kyverno compiles an expression
 * whenever it comes to it; a long tag has an expression of its own, for `{0,127}` would double the cost of this one.
 */
function validity(policy: Policy): string {
  const list = `^(?:[][,]|"${name}(?::${tagOfAnyLength})?(?:@${digest})?")*$`;
  return [
    `regex_match(${jmespathExpression(list)}, to_string(pulled))`,
    `!regex_match(':[^/@"]{129}', to_string(pulled))`,
    ...(admitsShortNames(policy) ? [`!regex_match('"[a-f0-9]{64}"', to_string(pulled))`] : []),
    `!(pulled[?length(@) > \`${maximumLength}\`])`,
  ].join(" &&\n");
}

const invalidImages = [
  "pulled[?@ != '' && (",
  `  !regex_match(${jmespathExpression(reference)}, @) ||`,
  `  regex_match('${imageId}', @) ||`,
  `  length(@) > \`${maximumLength}\``,
  ")]",
].join("\n");

/** The precondition is looked at before anything else, and without it the rule is skipped: out of scope. */
function unlessGlassIsBroken(
  policy: Policy,
  { annotation, value }: NonNullable<Policy["exempt"]["breakGlass"]>,
): object {
  const metadata = podTemplate(policy.match.kinds, "metadata");
  const text = `(${metadata}).annotations.${JSON.stringify(annotation)}`;
  const isText = `type(${text}) == 'string'`;
  const holds =
    value === undefined ? isText : `${isText} && regex_match(${jmespathText(anchoredGlob(value))}, ${text})`;
  return { all: [{ key: `{{ ${holds} }}`, operator: "Equals", value: false }] };
}

/**
 * Says which images are refused, with the reasons that the deny list gives. The images stand last, as a JSON array:
 * those that are no valid reference, or else those that the policy refuses.
 */
function message(policy: Policy): string {
  const reasons = policy.images.deny
    .filter((entry) => entry.reason !== undefined)
    .map((entry) => {
      const expression = jmespathExpression(listExpression(patternsOf([entry])));
      const text = jmespathText(` ${entry.text}: ${entry.reason}`);
      return `(pulled[?regex_match(${expression}, ${subjectOf(policy).reference})] && ${text} || '')`;
    });
  const parts = [
    jmespathText(`images refused by the registry policy ${policy.name}:`),
    ...reasons,
    "(contains(pulled, '') && ' (one is missing)' || '')",
    "' '",
    "to_string(invalid || refused[?@ != ''])",
  ];
  return `join('', [\n  ${parts.join(",\n  ")}\n])`;
}
