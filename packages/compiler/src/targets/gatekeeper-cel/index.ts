import type { Policy } from "@registry-policy/language";
import { kustomization } from "../../kustomization.js";
import type { Target } from "../../target.js";
import { capabilities } from "./capabilities.js";
import { constraintFileOf, emit, templateFileOf } from "./emit.js";

/** A ConstraintTemplate whose code is CEL (K8sNativeValidation), and its constraint. */
export const gatekeeperCel: Target = {
  id: "gatekeeper-cel",
  title: "Gatekeeper (CEL)",
  capabilities,
  emit,
  emitShared: (policies: readonly Policy[]) => [
    kustomization(policies.flatMap((policy) => [templateFileOf(policy), constraintFileOf(policy)])),
  ],
};
