/** CEL as people write it: one list of prefixes, over the fields that come to mind. */
function expressions(object, names) {
  const prefixes = JSON.stringify(names.map((name) => `${name}/`));
  return {
    variables: [
      {
        name: "containers",
        expression: `${object}.spec.containers + ${object}.spec.?initContainers.orValue([]) + ${object}.spec.?ephemeralContainers.orValue([])`,
      },
    ],
    validations: [
      {
        expression: `variables.containers.all(c, ${prefixes}.exists(p, c.image.startsWith(p)))`,
        message: "unknown registry",
      },
    ],
  };
}

const matchConstraints = {
  resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources: ["pods"] }],
};

/** A ValidatingPolicy of Kyverno. */
export function validatingPolicy(names) {
  const policy = {
    apiVersion: "policies.kyverno.io/v1",
    kind: "ValidatingPolicy",
    metadata: { name: "by-hand" },
    spec: { validationActions: ["Deny"], matchConstraints, ...expressions("object", names) },
  };
  return [{ name: "by-hand.yaml", content: JSON.stringify(policy) }];
}

/** A ValidatingAdmissionPolicy and its binding. */
export function admissionPolicy(names) {
  const policy = {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: { name: "by-hand" },
    spec: { failurePolicy: "Fail", matchConstraints, ...expressions("object", names) },
  };
  const binding = {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name: "by-hand" },
    spec: { policyName: "by-hand", validationActions: ["Deny"] },
  };
  return [
    { name: "policy.yaml", content: JSON.stringify(policy) },
    { name: "binding.yaml", content: JSON.stringify(binding) },
  ];
}

/** A ConstraintTemplate and its constraint for Gatekeeper's CEL. */
export function celConstraint(names) {
  const template = {
    apiVersion: "templates.gatekeeper.sh/v1",
    kind: "ConstraintTemplate",
    metadata: { name: "byhand" },
    spec: {
      crd: { spec: { names: { kind: "ByHand" } } },
      targets: [
        {
          target: "admission.k8s.gatekeeper.sh",
          code: [{ engine: "K8sNativeValidation", source: expressions("variables.anyObject", names) }],
        },
      ],
    },
  };
  const constraint = {
    apiVersion: "constraints.gatekeeper.sh/v1beta1",
    kind: "ByHand",
    metadata: { name: "by-hand" },
    spec: { match: { kinds: [{ apiGroups: [""], kinds: ["Pod"] }] } },
  };
  return [
    { name: "template.yaml", content: JSON.stringify(template) },
    { name: "constraint.yaml", content: JSON.stringify(constraint) },
  ];
}
