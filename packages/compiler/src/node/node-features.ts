import type { Feature, Support } from "../target.js";

/** What no node can say, in either format: it sees an image that is pulled, and nothing of the request. */
export const nodeFeatures = {
  "init-containers": { level: "full" },
  "ephemeral-containers": { level: "full" },
  "image-volumes": { level: "full" },
  "pod-template-kinds": { level: "partial", note: "a node judges what is pulled, not the object that asks for it" },
  namespaces: { level: "none", note: "a node refuses an image in every namespace" },
  "namespace-selector": { level: "none", note: "a node refuses an image in every namespace" },
  "exempt-users": { level: "none", note: "a node refuses an image whoever asks for it" },
  "break-glass": { level: "none", note: "a node sees no annotation" },
  "enforcement-warn": { level: "none", note: "a node refuses, and neither warns nor records" },
  "enforcement-audit": { level: "none", note: "a node refuses, and neither warns nor records" },
  "names-every-image": { level: "partial", note: "the event of the pod names the image that could not be pulled" },
  allow: {
    level: "partial",
    note: "a registry, a repository, all below a name, or one image; `**.` in front of a host with any port",
  },
  "wildcard-registry": {
    level: "partial",
    note: "`**.example.com:*` alone, as the runtime's `*.example.com` covers any depth and any port",
  },
  "require-tag": { level: "none", note: "an image with neither tag nor digest is one with the tag `latest`" },
  "require-digest": { level: "none", note: "no scope covers the images that have a digest" },
} as const satisfies Partial<Record<Feature, Support>>;
