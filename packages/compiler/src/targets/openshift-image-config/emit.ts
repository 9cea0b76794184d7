import type { Policy } from "@registry-policy/language";
import { emission } from "../../emission.js";
import { metadataOf } from "../../metadata.js";
import { nodeRules } from "../../node/node-rules.js";
import { nothingSaid, notSaid } from "../../node/not-said.js";
import { resourceText } from "../../resource-text.js";
import type { Emission } from "../../target.js";
import { capabilities } from "./capabilities.js";

/**
 * The cluster's `Image` (config.openshift.io/v1, openshift/api config/v1/types_image.go). It takes allowed registries or
 * blocked ones, never both.
 */
export function emit(policy: Policy): Emission {
  const rules = nodeRules(policy, false);
  if (rules === undefined) return { artifacts: [], diagnostics: [nothingSaid(policy, "openshift-image-config")] };
  const { accepted, rejected } = rules;
  const image = {
    apiVersion: "config.openshift.io/v1",
    kind: "Image",
    // The only name that OpenShift reads.
    metadata: { ...metadataOf(policy, annotationKeys), name: "cluster" },
    spec: {
      registrySources: {
        ...(accepted.length > 0 && { allowedRegistries: accepted }),
        ...(rejected.length > 0 && { blockedRegistries: rejected }),
        // The list may be absent but not empty; absent, a node looks in registries of its own.
        containerRuntimeSearchRegistries: [policy.images.defaultRegistry],
      },
    },
  };
  const artifacts = [{ path: `${policy.name}.image.yaml`, content: resourceText(image) }];
  return emission(policy, artifacts, capabilities.maximumObjectBytes, notSaid(policy, "openshift-image-config"));
}

/** No tool reads annotations of an Image: the names are our own, for people. */
const annotationKeys = {
  title: "registry-policy.dev/title",
  description: "registry-policy.dev/description",
  category: "registry-policy.dev/category",
  severity: "registry-policy.dev/severity",
};
