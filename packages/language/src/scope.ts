import { matchesGlob } from "./glob.js";
import { valueAt } from "./json-value.js";
import { type Kind, kinds } from "./kinds.js";
import { matchesSelector } from "./label-selector.js";
import type { Match, Policy } from "./policy.js";
import type { AdmissionRequest, Review } from "./request.js";

/** Why a policy does not judge a request, in the order in which the reasons are tried. */
export type OutOfScope =
  | "operation"
  | "kind"
  | "sub-resource"
  | "namespace"
  | "namespace-labels"
  | "exempt-user"
  | "exempt-group"
  | "break-glass";

/** The kind under which a policy judges a request, or why it does not judge it. */
export function scopeOf(policy: Policy, review: Review): { readonly kind: Kind } | { readonly outOfScope: OutOfScope } {
  const { request } = review;
  if (request.operation !== "CREATE" && request.operation !== "UPDATE") return { outOfScope: "operation" };

  const kind = policy.match.kinds.find(
    (name) => name === request.kind.kind && kinds[name].group === request.kind.group,
  );
  if (kind === undefined) return { outOfScope: "kind" };
  if (!judgesSubResource(kind, request.subResource)) return { outOfScope: "sub-resource" };
  if (!matchesNamespace(policy.match, request.namespace)) return { outOfScope: "namespace" };
  if (!matchesNamespaceLabels(policy.match, review)) return { outOfScope: "namespace-labels" };

  const exemption = findExemption(policy, kind, request);
  return exemption === undefined ? { kind } : { outOfScope: exemption };
}

function judgesSubResource(kind: Kind, subResource: string | undefined): boolean {
  return subResource === undefined || subResource === "" || (kind === "Pod" && subResource === "ephemeralcontainers");
}

function matchesNamespace(match: Match, namespace: string): boolean {
  return (
    (match.namespaces.length === 0 || match.namespaces.some((glob) => matchesGlob(glob, namespace))) &&
    !match.excludeNamespaces.some((glob) => matchesGlob(glob, namespace))
  );
}

/** Labels that are not known count as matching: what cannot be looked up is judged. */
function matchesNamespaceLabels(match: Match, { request, namespaceLabels }: Review): boolean {
  if (match.namespaceSelector === undefined || namespaceLabels === null) return true;
  return matchesSelector(match.namespaceSelector, {
    ...namespaceLabels,
    "kubernetes.io/metadata.name": request.namespace,
  });
}

function findExemption(policy: Policy, kind: Kind, request: AdmissionRequest): OutOfScope | undefined {
  const { users, groups, breakGlass } = policy.exempt;
  const user = request.userInfo.username;
  if (user !== undefined && user !== "" && users.some((glob) => matchesGlob(glob, user))) return "exempt-user";

  const userGroups = request.userInfo.groups ?? [];
  if (groups.some((glob) => userGroups.some((group) => matchesGlob(glob, group)))) return "exempt-group";

  if (breakGlass === undefined) return undefined;
  const path = [...kinds[kind].podTemplate, "metadata", "annotations", breakGlass.annotation];
  const value = valueAt(request.object, path);
  const breaks = typeof value === "string" && matchesGlob(breakGlass.value ?? "*", value);
  return breaks ? "break-glass" : undefined;
}
