import { nodeFeatures } from "../../node/node-features.js";
import { never, partly } from "../../support.js";
import type { Capabilities } from "../../target.js";

export const capabilities: Capabilities = {
  features: {
    ...nodeFeatures,
    deny: partly(
      "beside an allow list, what is denied in part is not allowed at all: a cluster has one list or the other",
    ),
    "require-registry": never("a short name is looked for in one registry at least"),
    "deny-tags": never("beside an allow list nothing can be excepted from it"),
  },
  // etcd takes requests of 1.5 MiB (server/embed/config.go), and an object has more than its manifest in it.
  maximumObjectBytes: 1_400_000,
};
