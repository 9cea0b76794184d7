import { constraintFileOf } from "../../gatekeeper/constraint.js";
import { kustomization } from "../../kustomization.js";
import type { Target } from "../../target.js";
import { capabilities } from "./capabilities.js";
import { emit, emitTemplate } from "./emit.js";

/** A ConstraintTemplate whose code is CEL (K8sNativeValidation), and a constraint for each policy. */
export const gatekeeperCel: Target = {
  id: "gatekeeper-cel",
  title: "Gatekeeper (CEL)",
  capabilities,
  emit,
  emitShared(policies, templates) {
    const template = emitTemplate(templates);
    return [template, kustomization([template.path, ...policies.map(constraintFileOf)])];
  },
};
