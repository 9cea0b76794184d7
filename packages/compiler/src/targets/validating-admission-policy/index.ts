import type { Policy } from "@registry-policy/language";
import { kustomization } from "../../kustomization.js";
import type { Target } from "../../target.js";
import { capabilities } from "./capabilities.js";
import { bindingFileOf, emit, policyFileOf } from "./emit.js";

/** A ValidatingAdmissionPolicy and its binding (admissionregistration.k8s.io/v1): the API server itself judges by CEL. */
export const validatingAdmissionPolicy: Target = {
  id: "validating-admission-policy",
  title: "ValidatingAdmissionPolicy",
  capabilities,
  emit,
  emitShared: (policies: readonly Policy[]) => [
    kustomization(policies.flatMap((policy) => [policyFileOf(policy), bindingFileOf(policy)])),
  ],
};
