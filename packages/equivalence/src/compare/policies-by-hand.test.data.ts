import type { ComparedFile } from "./compared-documents.js";

/* Policies as people write them for each engine, with what a case is about left open. */

export const yaml = (text: string): ComparedFile => ({ path: "policy.yaml", text });

interface Rule {
  /** What the spec has beside its rules. */
  readonly spec?: string;
  /** What the rule has beside its match and its validation. */
  readonly rule?: string;
  readonly validate: string;
}

export function clusterPolicy({ spec = "", rule = "", validate }: Rule): ComparedFile {
  return yaml(`apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: restrict-image-registries }
spec:
  background: false
${spec}  rules:
    - name: validate-registries
      match: { any: [{ resources: { kinds: [Pod] } }] }
${rule}      validate:
        failureAction: Enforce
        allowExistingViolations: false
        message: Unknown image registry.
        ${validate}
`);
}

/** The pattern of Kyverno's own sample, for all containers. */
export function pattern(image: string): string {
  const lists = ["=(ephemeralContainers)", "=(initContainers)", "containers"].map((list) => {
    return `"${list}": [{ image: "${image}" }]`;
  });
  return `{ spec: { ${lists.join(", ")} } }`;
}

export const ours = clusterPolicy({ validate: `pattern: ${pattern("eu.foo.io/* | bar.io/*")}` });

/** Gatekeeper's library, and what a constraint of it says. */
export function allowedRepos(constraint: string, version = "v1"): ComparedFile {
  return yaml(`apiVersion: templates.gatekeeper.sh/${version}
kind: ConstraintTemplate
metadata: { name: k8sallowedrepos }
spec:
  crd:
    spec:
      names: { kind: K8sAllowedRepos }
      validation:
        openAPIV3Schema:
          type: object
          properties:
            repos: { type: array, items: { type: string } }
            exemptImages: { type: array, items: { type: string } }
  targets:
    - target: admission.k8s.gatekeeper.sh
      rego: |
        package k8sallowedrepos
        violation[{"msg": msg}] {
          container := input.review.object.spec[_][_]
          not is_exempt(container.image)
          not strings.any_prefix_match(container.image, input.parameters.repos)
          msg := sprintf("container <%v> has an invalid image repo <%v>", [container.name, container.image])
        }
        is_exempt(image) { image == object.get(input.parameters, "exemptImages", [])[_] }
---
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: K8sAllowedRepos
metadata: { name: repos }
spec:
${constraint}`);
}

export function celTemplate(otherCode: string): ComparedFile {
  return yaml(`apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: { name: registries }
spec:
  crd: { spec: { names: { kind: Registries } } }
  targets:
    - target: admission.k8s.gatekeeper.sh
      code:
        [${otherCode}{
          engine: K8sNativeValidation,
          source: { validations: [{ expression: "object.spec.containers.all(c, c.image.startsWith('bar.io/'))", message: "no" }] },
        }]
---
apiVersion: constraints.gatekeeper.sh/v1alpha1
kind: Registries
metadata: { name: registries }
spec: { match: { kinds: [{ apiGroups: [""], kinds: [Pod] }] } }
`);
}

export const repos = `  match: { kinds: [{ apiGroups: [""], kinds: [Pod] }] }
  parameters: { repos: ["eu.foo.io/", "bar.io/"] }
`;

export function admissionPolicy(matchConditions: string): ComparedFile {
  return yaml(`# as Kubernetes' documentation writes it
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: registries }
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules: [{ apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [pods] }]
${matchConditions}  validations:
    - expression: "object.spec.containers.all(c, c.image.startsWith('eu.foo.io/'))"
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: registries }
spec: { policyName: registries, validationActions: [Deny] }
---
`);
}

/** The same with its registries in a ConfigMap. */
export function parametersPolicy(registries: string): ComparedFile {
  const { text } = admissionPolicy("  paramKind: { apiVersion: v1, kind: ConfigMap }\n");
  const paramRef = "paramRef: { name: registries, namespace: policies, parameterNotFoundAction: Deny }";
  return yaml(
    text
      .replace("c.image.startsWith('eu.foo.io/')", "params.data.registries.split(',').exists(r, c.image.startsWith(r))")
      .replace("validationActions:", `${paramRef}, validationActions:`)
      .concat(`apiVersion: v1
kind: ConfigMap
metadata: { name: registries, namespace: policies }
data: { registries: "${registries}" }
`),
  );
}

export function validatingPolicy(version: string, expression: string): ComparedFile {
  return yaml(`apiVersion: policies.kyverno.io/${version}
kind: ValidatingPolicy
metadata: { name: registries }
spec:
  validationActions: [Deny]
  matchConstraints:
    resourceRules: [{ apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [pods] }]
  validations:
    - expression: "object.spec.containers.all(c, ${expression})"
`);
}

/** What OPA's tutorial has, with a condition of its own on the image. */
export function webhook(condition: string, input = "input.request"): ComparedFile {
  return {
    path: "policy.rego",
    text: `package kubernetes.admission

deny[msg] {
  ${input}.kind.kind == "Pod"
  image := ${input}.object.spec.containers[_].image
  ${condition}
  msg := sprintf("image '%v' is not allowed", [image])
}
`,
  };
}

export function ownPolicy(images: string, match = ""): ComparedFile {
  return yaml(`apiVersion: registry-policy.dev/v1
kind: RegistryPolicy
metadata: { name: ours }
spec: { ${match}images: ${images} }
`);
}

export const inNamespaces = (second: string) => {
  const rule = (namespace: string, image: string) => `    - name: ${namespace}
      match: { any: [{ resources: { kinds: [Pod], namespaces: [${namespace}] } }] }
      validate: { message: No., allowExistingViolations: false, failureAction: Enforce, pattern: ${pattern(image)} }
`;
  return yaml(`apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: by-namespace }
spec:
  rules:
${rule("team-a", "a.example.io/*")}${rule("team-b", second)}`);
};

/** A policy of ours that says much about whom and what it leaves out. */
export function ownScope(change: (text: string) => string = (text) => text): ComparedFile {
  return yaml(
    change(`apiVersion: registry-policy.dev/v1
kind: RegistryPolicy
metadata: { name: ours }
spec:
  match:
    kinds: [Pod, Deployment, PodTemplate]
    namespaces: ["team-*", shop]
    excludeNamespaces: [team-x]
    namespaceSelector: { matchLabels: { zone: a }, matchExpressions: [{ key: tier, operator: NotIn, values: [dev] }] }
  images: { allow: [registry.my.com], require: { tag: explicit }, denyTags: [latest, "dev-*"] }
  exempt:
    users: ["system:serviceaccount:flux:*", bob]
    groups: [ops]
    breakGlass: { annotation: a.b/c, value: "INC-*" }
`),
  );
}
