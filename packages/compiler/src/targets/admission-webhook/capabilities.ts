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
      note: "the API server selects by it, for the webhook's configuration says it; the webhook itself is not told labels",
    },
    "exempt-users": full,
    "break-glass": full,
    "enforcement-warn": full,
    "enforcement-audit": full,
    "names-every-image": {
      level: "partial",
      note: "a message names the first 10 images, and says how many more there are",
    },
  },
  // What a ConfigMap holds (MaxSecretSize in k8s.io/kubernetes pkg/apis/core/validation): the bundle is in one.
  maximumObjectBytes: 1_048_576,
};
