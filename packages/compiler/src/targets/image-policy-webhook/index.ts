import type { Target } from "../../target.js";
import { capabilities } from "./capabilities.js";
import { emit, emitShared } from "./emit.js";

/** `registry-policy serve` behind kube-apiserver's ImagePolicyWebhook, beside kube-apiserver itself. */
export const imagePolicyWebhook: Target = {
  id: "image-policy-webhook",
  title: "ImagePolicyWebhook",
  capabilities,
  emit,
  emitShared,
};
