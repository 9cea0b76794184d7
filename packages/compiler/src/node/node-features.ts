import { fully, never, partly } from "../support.js";
import type { Feature, Support } from "../target.js";

/** What no node can say, in either format: it sees an image that is pulled, and nothing of the request. */
export const nodeFeatures = {
  ...fully("init-containers", "ephemeral-containers", "image-volumes"),
  "pod-template-kinds": partly("a node judges what is pulled, not the object that asks for it"),
  namespaces: never("a node refuses an image in every namespace"),
  "namespace-selector": never("a node refuses an image in every namespace"),
  "exempt-users": never("a node refuses an image whoever asks for it"),
  "break-glass": never("a node sees no annotation"),
  "enforcement-warn": never("a node refuses, and neither warns nor records"),
  "enforcement-audit": never("a node refuses, and neither warns nor records"),
  "names-every-image": partly("the event of the pod names the image that could not be pulled"),
  allow: partly("a registry, a repository, all below a name, or one image; `**.` in front of a host with any port"),
  "wildcard-registry": partly(
    "`**.example.com:*` alone, as the runtime's `*.example.com` covers any depth and any port",
  ),
  "require-tag": never("an image with neither tag nor digest is one with the tag `latest`"),
  "require-digest": never("no scope covers the images that have a digest"),
} as const satisfies Partial<Record<Feature, Support>>;
