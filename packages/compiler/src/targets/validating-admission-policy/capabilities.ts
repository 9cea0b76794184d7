import type { CostLimits } from "../../cel/cost-limits.js";
import { fully, partly } from "../../support.js";
import type { Capabilities } from "../../target.js";

export const capabilities: Capabilities = {
  features: {
    ...fully("allow", "deny", "wildcard-registry", "require-registry", "require-tag", "require-digest", "deny-tags"),
    ...fully("init-containers", "ephemeral-containers", "image-volumes", "pod-template-kinds"),
    ...fully("namespaces", "namespace-selector", "exempt-users", "break-glass"),
    ...fully("enforcement-warn", "enforcement-audit"),
    "names-every-image": partly("a message names up to eight images, or one that is cut short"),
  },
  // etcd takes requests of 1.5 MiB (server/embed/config.go), and an object has more than its manifest in it.
  maximumObjectBytes: 1_400_000,
};

export const costLimits: CostLimits = {
  engine: "an API server",
  perExpression: 1_000_000,
  total: 10_000_000,
  unlimited: "admission-webhook",
  imageLength: 512,
};
