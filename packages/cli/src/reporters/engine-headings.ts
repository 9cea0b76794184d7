import type { EngineId } from "@registry-policy/engines";

/** The engines' names in at most seven columns, for the head of the matrix. */
export const engineHeadings: Readonly<Record<EngineId, string>> = {
  "kyverno-cluster-policy": "Kyverno",
  gatekeeper: "Gatekpr",
  opa: "OPA",
  "opa-rego": "OPARego",
  "kyverno-validating-policy": "KyvVPol",
  "validating-admission-policy": "VAP",
  "gatekeeper-cel": "GkprCEL",
};
