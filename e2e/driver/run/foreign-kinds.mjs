import { apply, documentOf, waitUntil } from "../cluster/index.mjs";

/**
 * Defines the kinds of the fixtures' objects that the API server does not know, each taking any object: a policy has to
 * leave them alone, whatever they are called.
 *
 * @param {object} cluster
 * @param {readonly import("@registry-policy/equivalence").PolicyCases[]} subjects
 */
export async function defineForeignKinds(cluster, subjects) {
  const requests = subjects.flatMap(({ cases }) => cases.map(({ review }) => review.request));
  const foreign = new Map();
  for (const { kind, resource } of requests) {
    // A group of Kubernetes' own has no dot or ends in k8s.io, which a definition of somebody else's may not.
    if (!kind.group.includes(".") || kind.group.endsWith(".k8s.io") || kind.group.endsWith(".kubernetes.io")) continue;
    foreign.set(`${resource.resource}.${kind.group}`, { kind, resource });
  }
  for (const [name, { kind, resource }] of foreign) {
    await apply(cluster, [documentOf(definition(name, kind, resource))]);
    await waitUntil(
      `the API server to serve ${name}`,
      async () => {
        const path = `/apis/${kind.group}/${kind.version}/namespaces/default/${resource.resource}`;
        return (await cluster.api.send("GET", path)).status === 200;
      },
      { seconds: 30 },
    );
  }
}

function definition(name, { group, version, kind }, { resource }) {
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, plural: resource, singular: kind.toLowerCase() },
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  };
}
