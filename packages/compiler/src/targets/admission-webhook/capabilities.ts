import { fully, partly } from "../../support.js";
import type { Capabilities } from "../../target.js";

export const capabilities: Capabilities = {
  features: {
    ...fully("allow", "deny", "wildcard-registry", "require-registry", "require-tag", "require-digest", "deny-tags"),
    ...fully("init-containers", "ephemeral-containers", "image-volumes", "pod-template-kinds"),
    ...fully("namespaces", "exempt-users", "break-glass"),
    "namespace-selector": partly(
      "the API server selects by it, for the webhook's configuration says it; the webhook itself is not told labels",
    ),
    ...fully("enforcement-warn", "enforcement-audit"),
    "names-every-image": partly("a message names the first 10 images, and says how many more there are"),
  },
  // What a ConfigMap holds (MaxSecretSize in k8s.io/kubernetes pkg/apis/core/validation): the bundle is in one.
  maximumObjectBytes: 1_048_576,
};
