import type { Capabilities } from "../../target.js";

const full = { level: "full" } as const;

export const capabilities: Capabilities = {
  features: {
    allow: full,
    deny: full,
    "wildcard-registry": full,
    "require-registry": full,
    "require-tag": full,
    "require-digest": full,
    "deny-tags": full,
    "init-containers": full,
    "ephemeral-containers": full,
    "image-volumes": full,
    "pod-template-kinds": full,
    namespaces: full,
    "namespace-selector": {
      level: "partial",
      note: "the namespace's labels are those of the input or of the namespaces that kube-mgmt replicates; not known, they count as matching",
    },
    "exempt-users": full,
    "break-glass": full,
    "enforcement-warn": {
      level: "partial",
      note: "the messages are in `data.kubernetes.admission.warn`, which the webhook's `system.main` has to hand on as `warnings`",
    },
    "enforcement-audit": {
      level: "partial",
      note: "the messages are in `data.kubernetes.admission.audit`, which decision logs can record",
    },
    "names-every-image": full,
  },
  // The data of a ConfigMap (MaxSecretSize in k8s.io/kubernetes pkg/apis/core/validation); a bundle has no such limit.
  maximumObjectBytes: 1_048_576,
};
