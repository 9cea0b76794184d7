import { fully, never, partly } from "../../support.js";
import type { Capabilities } from "../../target.js";

export const capabilities: Capabilities = {
  features: {
    ...fully("allow", "deny", "wildcard-registry", "require-registry", "require-tag", "require-digest", "deny-tags"),
    ...fully("init-containers", "ephemeral-containers"),
    "image-volumes": never("an ImageReview carries the images of containers alone"),
    "pod-template-kinds": never("Pods are judged, the controllers that make them are not"),
    ...fully("namespaces"),
    "namespace-selector": partly("labels are not told, so every namespace counts as matching"),
    "exempt-users": never("the user is not told, so nobody is exempt"),
    "break-glass": partly("the annotation has `.image-policy.k8s.io/` in its name: no other reaches the webhook"),
    ...fully("enforcement-audit"),
    "enforcement-warn": partly("the warnings are audit annotations"),
    "names-every-image": partly("a message names the first 10 images, and says how many more there are"),
  },
  // It is a file on a machine; the command reads none that is larger.
  maximumObjectBytes: 40_000_000,
};
