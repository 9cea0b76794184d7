import { type Kind, kinds } from "../kinds.js";
import type { AdmissionRequest, Review } from "../request.js";

/** A CREATE of an object of a built-in kind in the namespace `default`, by nobody, with what is given changed. */
export function reviewOf(
  kind: Kind,
  object: unknown,
  changes: Partial<AdmissionRequest> = {},
  namespaceLabels: Review["namespaceLabels"] = {},
): Review {
  const { group, version, resource } = kinds[kind];
  return {
    request: {
      uid: "1",
      operation: "CREATE",
      kind: { group, version, kind },
      resource: { group, version, resource },
      namespace: "default",
      userInfo: {},
      object,
      ...changes,
    },
    namespaceLabels,
  };
}

/** A Pod with one container. */
export function podOf(image: unknown, annotations: object = {}): object {
  return { metadata: { annotations }, spec: { containers: [{ name: "c", image }] } };
}
