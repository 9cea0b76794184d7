import type { Target } from "./target.js";
import { gatekeeper } from "./targets/gatekeeper/index.js";
import { kyvernoClusterPolicy } from "./targets/kyverno-cluster-policy/index.js";
import { opa } from "./targets/opa/index.js";

/** Every target, in the order in which they are listed to a reader. */
export const targets: readonly Target[] = [kyvernoClusterPolicy, gatekeeper, opa];

export function targetById(id: string): Target | undefined {
  return targets.find((target) => target.id === id);
}
