import type { Target } from "../../target.js";
import { capabilities } from "./capabilities.js";
import { emit } from "./emit.js";

/** The registries that OpenShift's nodes pull from: `image.config.openshift.io/cluster`. */
export const openshiftImageConfig: Target = {
  id: "openshift-image-config",
  title: "OpenShift image configuration",
  capabilities,
  emit,
  // A cluster has one `Image`, named `cluster`: two policies cannot be applied together.
  emitShared: () => [],
};
