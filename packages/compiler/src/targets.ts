import type { Target } from "./target.js";
import { gatekeeper } from "./targets/gatekeeper/index.js";
import { gatekeeperCel } from "./targets/gatekeeper-cel/index.js";
import { kyvernoClusterPolicy } from "./targets/kyverno-cluster-policy/index.js";
import { kyvernoValidatingPolicy } from "./targets/kyverno-validating-policy/index.js";
import { opa } from "./targets/opa/index.js";
import { validatingAdmissionPolicy } from "./targets/validating-admission-policy/index.js";

/** Every target by its id. The tests of the compiler ask an expectation for each of them. */
const byId = {
  "kyverno-cluster-policy": kyvernoClusterPolicy,
  "kyverno-validating-policy": kyvernoValidatingPolicy,
  gatekeeper,
  "gatekeeper-cel": gatekeeperCel,
  "validating-admission-policy": validatingAdmissionPolicy,
  opa,
} as const satisfies Record<string, Target>;

export type TargetId = keyof typeof byId;

/** Every target, in the order in which they are listed to a reader. */
export const targets: readonly Target[] = Object.values(byId);

export function targetById(id: string): Target | undefined {
  return targets.find((target) => target.id === id);
}
