import type { AdmissionRequest, Review } from "@registry-policy/language";

/** A Pod with these images, one container each. */
export function pod(
  images: readonly unknown[],
  more: { init?: readonly unknown[]; annotations?: object } = {},
): object {
  const listOf = (prefix: string, list: readonly unknown[]) =>
    list.map((image, i) => ({ name: `${prefix}${i}`, image }));
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "team-a", ...(more.annotations && { annotations: more.annotations }) },
    spec: { containers: listOf("c", images), ...(more.init && { initContainers: listOf("i", more.init) }) },
  };
}

/** A request to create a Pod in the namespace `team-a`, which is labelled `zone: prod`, but for what is given. */
export function review(
  given: Partial<AdmissionRequest>,
  namespaceLabels: Review["namespaceLabels"] = { zone: "prod" },
): Review {
  return {
    request: {
      uid: "1",
      operation: "CREATE",
      kind: { group: "", version: "v1", kind: "Pod" },
      resource: { group: "", version: "v1", resource: "pods" },
      name: "p",
      namespace: "team-a",
      userInfo: { username: "alice", groups: ["dev"] },
      ...given,
    },
    namespaceLabels,
  };
}
