import { nodeFeatures } from "../../node/node-features.js";
import { fully, partly } from "../../support.js";
import type { Capabilities } from "../../target.js";

export const capabilities: Capabilities = {
  features: {
    ...nodeFeatures,
    deny: partly("widened to a name and all that is below it, or to a host and its sub-domains"),
    ...fully("require-registry"),
    "deny-tags": partly("a tag without `*`, of repositories that are allowed by name"),
  },
  // No limit is documented; containers/image reads the file whole for each pull.
  maximumObjectBytes: 16_777_216,
};
