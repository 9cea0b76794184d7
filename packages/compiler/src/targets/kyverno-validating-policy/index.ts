import type { Policy } from "@registry-policy/language";
import { kustomization } from "../../kustomization.js";
import type { Target } from "../../target.js";
import { capabilities } from "./capabilities.js";
import { emit, fileOf } from "./emit.js";

/** A ValidatingPolicy (policies.kyverno.io/v1): its images are judged by CEL. */
export const kyvernoValidatingPolicy: Target = {
  id: "kyverno-validating-policy",
  title: "Kyverno ValidatingPolicy",
  capabilities,
  emit,
  emitShared: (policies: readonly Policy[]) => [kustomization(policies.map(fileOf))],
};
