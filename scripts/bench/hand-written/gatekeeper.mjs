const rego = `package byhand

violation contains {"msg": msg} if {
	container := images[_]
	not listed(container.image)
	msg := sprintf("unknown registry: %v", [container.image])
}

images contains container if container := input.review.object.spec.containers[_]
images contains container if container := input.review.object.spec.initContainers[_]
images contains container if container := input.review.object.spec.ephemeralContainers[_]

listed(image) if {
	satisfied := [good | repo := input.parameters.repos[_]; good := startswith(image, repo)]
	satisfied[_] == true
}
`;

/**
 * A ConstraintTemplate and its Constraint as people write them: `startswith` over a list. */
export function constraint(names) {
  const template = {
    apiVersion: "templates.gatekeeper.sh/v1",
    kind: "ConstraintTemplate",
    metadata: { name: "byhand" },
    spec: {
      crd: {
        spec: {
          names: { kind: "ByHand" },
          validation: {
            openAPIV3Schema: {
              type: "object",
              properties: { repos: { type: "array", items: { type: "string" } } },
            },
          },
        },
      },
      targets: [
        {
          target: "admission.k8s.gatekeeper.sh",
          code: [{ engine: "Rego", source: { version: "v1", rego } }],
        },
      ],
    },
  };
  const constraint = {
    apiVersion: "constraints.gatekeeper.sh/v1beta1",
    kind: "ByHand",
    metadata: { name: "by-hand" },
    spec: {
      match: { kinds: [{ apiGroups: [""], kinds: ["Pod"] }] },
      parameters: { repos: names.map((name) => `${name}/`) },
    },
  };
  return [
    { name: "template.yaml", content: JSON.stringify(template) },
    { name: "constraint.yaml", content: JSON.stringify(constraint) },
  ];
}
