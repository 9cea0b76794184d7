import type { CostLimits } from "../../cel/cost-limits.js";
import { fully, partly } from "../../support.js";
import type { Capabilities } from "../../target.js";

export const capabilities: Capabilities = {
  features: {
    ...fully("allow", "deny", "wildcard-registry", "require-registry", "require-tag", "require-digest", "deny-tags"),
    ...fully("init-containers", "ephemeral-containers", "image-volumes", "pod-template-kinds"),
    ...fully("namespaces", "namespace-selector", "break-glass"),
    "exempt-users": partly("audits, which know no user, are off"),
    ...fully("enforcement-warn", "enforcement-audit"),
    "names-every-image": partly("a message names up to eight images, or one that is cut short"),
  },
  // etcd takes requests of 1.5 MiB (server/embed/config.go), and an object has more than its manifest in it.
  maximumObjectBytes: 1_400_000,
};

export const costLimits: CostLimits = {
  engine: "Gatekeeper",
  perExpression: 1_000_000,
  // What an API server allows one expression, Gatekeeper allows the whole policy (pkg/drivers/k8scel/driver.go).
  total: 1_000_000,
  unlimited: "gatekeeper",
  imageLength: 256,
};
