/** A ClusterPolicy as people write it: `a/* | b/*` on every field that has an image. */
export function clusterPolicy(names) {
  const image = names.map((name) => `${name}/*`).join(" | ");
  const policy = {
    apiVersion: "kyverno.io/v1",
    kind: "ClusterPolicy",
    metadata: { name: "by-hand" },
    spec: {
      webhookConfiguration: { failurePolicy: "Fail" },
      rules: [
        {
          name: "registries",
          match: { any: [{ resources: { kinds: ["Pod"] } }] },
          validate: {
            failureAction: "Enforce",
            message: "unknown registry",
            pattern: {
              spec: {
                containers: [{ image }],
                "=(initContainers)": [{ image }],
                "=(ephemeralContainers)": [{ image }],
                "=(volumes)": [{ "=(image)": { reference: image } }],
              },
            },
          },
        },
      ],
    },
  };
  return [{ name: "by-hand.yaml", content: JSON.stringify(policy) }];
}
