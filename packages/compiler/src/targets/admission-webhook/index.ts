import type { Target } from "../../target.js";
import { capabilities } from "./capabilities.js";
import { emit, emitShared } from "./emit.js";

/** `registry-policy serve` as a validating admission webhook: what configures it, and what runs it in the cluster. */
export const admissionWebhook: Target = {
  id: "admission-webhook",
  title: "Admission webhook",
  capabilities,
  emit,
  emitShared,
};
