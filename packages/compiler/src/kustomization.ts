import { resourceText } from "./resource-text.js";
import type { Artifact } from "./target.js";

/** A `kustomization.yaml` that applies the given files of its folder. */
export function kustomization(resources: readonly string[]): Artifact {
  const content = {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    resources: [...resources].sort(),
  };
  return { path: "kustomization.yaml", content: resourceText(content) };
}
