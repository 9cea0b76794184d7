import { createHash } from "node:crypto";
import { kindNames, kinds, type Policy } from "@registry-policy/language";
import { affordableCel } from "../../cel/cost-limits.js";
import { matchConditions } from "../../cel/match-conditions.js";
import { emission } from "../../emission.js";
import { metadataOf } from "../../metadata.js";
import type { Emission } from "../../target.js";
import type { Templates } from "../../templates.js";
import { capabilities, costLimits } from "./capabilities.js";

/**
 * A template and its one constraint. Each policy has a template of its own: cel-go compiles an expression and makes a
 * set of a list only where they are constants of the code, not where they are parameters.
 */
export function emit(policy: Policy, templates: Templates): Emission {
  const { cel, diagnostics: costDiagnostics } = affordableCel(policy, costLimits);
  const { variables, validation } = cel;
  const { exempt, enforcement } = policy;
  const kind = kindOf(policy);
  const metadata = metadataOf(policy, annotationKeys);
  const artifacts = [
    {
      path: templateFileOf(policy),
      content: templates.render("gatekeeper-cel/constraint-template.yaml.hbs", {
        metadata: { ...metadata, name: kind.toLowerCase() },
        kind,
        matchConditions: [...webhookConditions, ...matchConditions(withoutNamespaces(policy))],
        variables,
        validation,
      }),
    },
    {
      path: constraintFileOf(policy),
      content: templates.render("gatekeeper-cel/constraint.yaml.hbs", {
        kind,
        metadata,
        enforcement: enforcementOf(
          { deny: "deny", warn: "warn", audit: "dryrun" }[enforcement],
          exempt.users.length > 0 || exempt.groups.length > 0,
        ),
        match: constraintMatch(policy),
      }),
    },
  ];
  return emission(policy, artifacts, capabilities.maximumObjectBytes, costDiagnostics);
}

export function templateFileOf({ name }: Policy): string {
  return `${name}.constraint-template.yaml`;
}

export function constraintFileOf({ name }: Policy): string {
  return `${name}.constraint.yaml`;
}

const annotationKeys = {
  title: "metadata.gatekeeper.sh/title",
  description: "description",
  category: "registry-policy.dev/category",
  severity: "registry-policy.dev/severity",
};

/** A name of a resource's definition has at most 63 characters, and one of those that Gatekeeper makes is the kind with `List` behind it. */
const longestKind = 63 - "List".length;

/**
 * The name of a template is its kind in lower case, and two policies must not come to one. So a policy's name that is
 * too long to stand in it is not cut alone: a digest of the whole of it follows, behind a word of their own.
 */
function kindOf({ name }: Policy): string {
  const kind = `RegistryPolicy-${name}`;
  if (kind.length <= longestKind) return kind;
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 12);
  const word = "RegistryPolicies";
  return `${word}-${name.slice(0, longestKind - word.length - digest.length - 2)}-${digest}`;
}

/**
 * What the constraint's match cannot say, and the webhook's rules say only in part: they send more sub-resources than a
 * policy judges. An audit has neither operation nor sub-resource: it sees each object as if just created.
 */
const webhookConditions = [
  {
    name: "operations",
    expression: "!has(request.operation) || request.operation in ['', 'CREATE', 'UPDATE']",
  },
  {
    name: "sub-resources",
    expression:
      "!has(request.subResource) || request.subResource == '' || request.kind.kind == 'Pod' && request.subResource == 'ephemeralcontainers'",
  },
];

/** The constraint's own match takes the same globs. */
function withoutNamespaces(policy: Policy): Policy {
  return { ...policy, match: { ...policy.match, namespaces: [], excludeNamespaces: [] } };
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

function constraintMatch({ match }: Policy): object {
  const groups = [...new Set(kindNames.map((kind) => kinds[kind].group))];
  return {
    kinds: groups
      .map((group) => ({ apiGroups: [group], kinds: match.kinds.filter((kind) => kinds[kind].group === group) }))
      .filter((rule) => rule.kinds.length > 0),
    ...(match.namespaces.length > 0 && { namespaces: match.namespaces }),
    ...(match.excludeNamespaces.length > 0 && { excludedNamespaces: match.excludeNamespaces }),
    ...(match.namespaceSelector !== undefined && { namespaceSelector: match.namespaceSelector }),
  };
}
