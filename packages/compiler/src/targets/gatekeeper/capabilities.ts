import type { Capabilities } from "../../target.js";

export const capabilities: Capabilities = {
  features: {
    allow: { level: "full" },
    deny: { level: "full" },
    "wildcard-registry": { level: "full" },
    "require-registry": { level: "full" },
    "require-tag": { level: "full" },
    "require-digest": { level: "full" },
    "deny-tags": { level: "full" },
    "init-containers": { level: "full" },
    "ephemeral-containers": { level: "full" },
    "image-volumes": { level: "full" },
    "pod-template-kinds": { level: "full" },
    namespaces: { level: "full" },
    "namespace-selector": { level: "full" },
    "exempt-users": { level: "partial", note: "audits, which know no user, list nothing" },
    "break-glass": { level: "full" },
    "enforcement-warn": { level: "full" },
    "enforcement-audit": { level: "full" },
    "names-every-image": { level: "full" },
  },
  // etcd takes requests of 1.5 MiB (server/embed/config.go), and an object has more than its manifest in it.
  maximumObjectBytes: 1_400_000,
};
