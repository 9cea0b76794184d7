import { type Diagnostic, kinds, type Policy } from "@registry-policy/language";
import { anchoredGlob } from "../../expressions/literal.js";
import { jmespathText, withoutSpaces } from "../../jmespath-text.js";
import { metadataOf } from "../../metadata.js";
import { limitDiagnostics } from "../../object-size.js";
import type { Emission } from "../../target.js";
import type { Templates } from "../../templates.js";
import { capabilities } from "./capabilities.js";
import { podTemplate } from "./pod-template.js";
import { pulledImages } from "./pulled-images.js";
import { refusalMessage } from "./refusal-message.js";
import { refusedImages } from "./refused-images.js";

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
    verdict: verdict(policy),
    preconditions: breakGlass === undefined ? null : unlessGlassIsBroken(policy, breakGlass),
    failureAction: policy.enforcement === "deny" ? "Enforce" : "Audit",
    message: `{{ ${refusalMessage(policy)} }}`,
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
 * JMESPath for a list with one element, which says what is refused: an empty list where nothing is wrong, and only
 * there. It always is an object: a list without an element, or with null for one, would let the request pass. What is
 * pulled is there for the message.
 *
 * The text is set without spaces, as Kyverno looks at each character of it on each review.
 */
function verdict(policy: Policy): string {
  const pulled = pulledImages(policy.match.kinds);
  return withoutSpaces(`[${pulled} |\n{pulled: @, refused: ${refusedImages(policy)}\n} || \`{}\`]`);
}

/** The precondition is looked at before anything else, and without it the rule is skipped: out of scope. */
function unlessGlassIsBroken(
  policy: Policy,
  { annotation, value }: NonNullable<Policy["exempt"]["breakGlass"]>,
): object {
  const isText = "type(@) == 'string'";
  const holds = value === undefined ? isText : `${isText} && regex_match(${jmespathText(anchoredGlob(value))}, @)`;
  const steps = [
    "request.object",
    podTemplate(policy.match.kinds),
    `metadata.annotations.${JSON.stringify(annotation)}`,
    holds,
  ];
  return { all: [{ key: `{{ ${steps.join(" | ")} }}`, operator: "Equals", value: false }] };
}
