import type { EngineId } from "@registry-policy/engines";

/** The engines, for the help: the help does not load them. The types say what is missing. */
const names = {
  "kyverno-cluster-policy": true,
  gatekeeper: true,
  opa: true,
  "opa-rego": true,
  "kyverno-validating-policy": true,
  "validating-admission-policy": true,
  "gatekeeper-cel": true,
  webhook: true,
} as const satisfies Record<EngineId, true>;

export const engineNames = Object.keys(names) as EngineId[];
