import type { Target } from "../../target.js";
import { capabilities } from "./capabilities.js";
import { emit } from "./emit.js";

/** What CRI-O and Podman pull, by `policy.json` and `registries.conf.d` (containers/image). */
export const containersPolicy: Target = {
  id: "containers-policy",
  title: "containers/image policy.json",
  capabilities,
  emit,
  // A node has one `policy.json`: there is nothing that policies could share.
  emitShared: () => [],
};
