import type { EngineId } from "@registry-policy/engines";

/** The engines' names in at most six columns, for the head of the matrix; the legend below it says what they mean. */
export const engineHeadings: Readonly<Record<EngineId, string>> = {
  "kyverno-cluster-policy": "cpol",
  "kyverno-validating-policy": "vpol",
  gatekeeper: "gk",
  "gatekeeper-cel": "gk-cel",
  "validating-admission-policy": "vap",
  opa: "opa",
  "opa-rego": "rego",
  webhook: "hook",
};
