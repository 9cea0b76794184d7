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
    "image-volumes": { level: "none", note: "an ImageReview carries the images of containers alone" },
    "pod-template-kinds": { level: "none", note: "Pods are judged, the controllers that make them are not" },
    namespaces: full,
    "namespace-selector": {
      level: "partial",
      note: "labels are not told, so every namespace counts as matching",
    },
    "exempt-users": { level: "none", note: "the user is not told, so nobody is exempt" },
    "break-glass": {
      level: "partial",
      note: "the annotation has `.image-policy.k8s.io/` in its name: no other reaches the webhook",
    },
    "enforcement-warn": { level: "partial", note: "the warnings are audit annotations" },
    "enforcement-audit": full,
    "names-every-image": {
      level: "partial",
      note: "a message names the first 10 images, and says how many more there are",
    },
  },
  // It is a file on a machine; the command reads none that is larger.
  maximumObjectBytes: 40_000_000,
};
