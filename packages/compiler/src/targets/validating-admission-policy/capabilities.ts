import type { CostLimits } from "../../cel/cost-limits.js";
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
    "namespace-selector": full,
    "exempt-users": full,
    "break-glass": full,
    "enforcement-warn": full,
    "enforcement-audit": full,
    "names-every-image": {
      level: "partial",
      note: "a message names up to eight images, or one that is cut short",
    },
  },
  // etcd takes requests of 1.5 MiB (server/embed/config.go), and an object has more than its manifest in it.
  maximumObjectBytes: 1_400_000,
};

export const costLimits: CostLimits = {
  engine: "an API server",
  perExpression: 1_000_000,
  total: 10_000_000,
  imageLength: 512,
};
