import { fully, partly } from "../../support.js";
import type { Capabilities } from "../../target.js";

export const capabilities: Capabilities = {
  features: {
    ...fully("allow", "deny", "wildcard-registry", "require-registry", "require-tag", "require-digest", "deny-tags"),
    ...fully("init-containers", "ephemeral-containers", "image-volumes", "pod-template-kinds"),
    ...fully("namespaces", "exempt-users", "break-glass"),
    "namespace-selector": partly(
      "the namespace's labels are those of the input or of the namespaces that kube-mgmt replicates; not known, they count as matching",
    ),
    ...fully("names-every-image"),
    "enforcement-warn": partly(
      "the messages are in `data.kubernetes.admission.warn`, which the webhook's `system.main` has to hand on as `warnings`",
    ),
    "enforcement-audit": partly(
      "the messages are in `data.kubernetes.admission.audit`, which decision logs can record",
    ),
  },
  // The data of a ConfigMap (MaxSecretSize in k8s.io/kubernetes pkg/apis/core/validation); a bundle has no such limit.
  maximumObjectBytes: 1_048_576,
};
