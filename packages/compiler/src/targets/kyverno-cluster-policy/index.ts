import type { Policy } from "@registry-policy/language";
import { kustomization } from "../../kustomization.js";
import type { Target } from "../../target.js";
import { capabilities } from "./capabilities.js";
import { emit } from "./emit.js";

/** A ClusterPolicy (kyverno.io/v1): its images are judged by JMESPath. */
export const kyvernoClusterPolicy: Target = {
  id: "kyverno-cluster-policy",
  title: "Kyverno ClusterPolicy",
  capabilities,
  emit,
  emitShared: (policies: readonly Policy[]) => [
    kustomization(policies.map((policy) => `${policy.name}.cluster-policy.yaml`)),
  ],
};
