import { type AdmissionRequest, matchesGlob } from "@registry-policy/language";
import type { PolicyFacts } from "./read-policy-data.js";

/**
 * Whether a policy may judge a request. Says no only of what its wasm would call out of scope, by what is cheap to
 * look at; everything else, the exemptions among it, is left to the wasm.
 */
export function appliesTo(facts: PolicyFacts, request: AdmissionRequest): boolean {
  const { operation, kind, subResource = "", namespace } = request;
  if (operation !== "CREATE" && operation !== "UPDATE") return false;
  if (facts.kinds.get(kind.kind) !== kind.group) return false;
  if (subResource !== "" && !(kind.kind === "Pod" && subResource === "ephemeralcontainers")) return false;
  const { namespaces, excludeNamespaces } = facts;
  if (namespaces.length > 0 && !namespaces.some((glob) => matchesGlob(glob, namespace))) return false;
  return !excludeNamespaces.some((glob) => matchesGlob(glob, namespace));
}
