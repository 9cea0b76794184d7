import type { Review } from "@registry-policy/language";

/** A namespace's labels as the API server keeps them; those that nobody knows are none. */
export function labelsInCluster({ request, namespaceLabels }: Review): Readonly<Record<string, string>> {
  return { ...namespaceLabels, "kubernetes.io/metadata.name": request.namespace };
}
