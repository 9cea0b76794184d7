import type { ComparedFile } from "./compared-documents.js";

/** Two policies as people write them, and what is found between them: `+` allowed by RIGHT alone, `-` by LEFT alone. */
export interface ComparedPair {
  readonly left: ComparedFile;
  readonly right: ComparedFile;
  readonly causes: readonly string[];
}

const yaml = (text: string): ComparedFile => ({ path: "policy.yaml", text });

interface Rule {
  /** What the spec has beside its rules. */
  readonly spec?: string;
  /** What the rule has beside its match and its validation. */
  readonly rule?: string;
  readonly validate: string;
}

function clusterPolicy({ spec = "", rule = "", validate }: Rule): ComparedFile {
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
function pattern(image: string): string {
  const lists = ["=(ephemeralContainers)", "=(initContainers)", "containers"].map((list) => {
    return `"${list}": [{ image: "${image}" }]`;
  });
  return `{ spec: { ${lists.join(", ")} } }`;
}

const ours = clusterPolicy({ validate: `pattern: ${pattern("eu.foo.io/* | bar.io/*")}` });

/** Gatekeeper's library, and what a constraint of it says. */
function allowedRepos(constraint: string, version = "v1"): ComparedFile {
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

function celTemplate(otherCode: string): ComparedFile {
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

const repos = `  match: { kinds: [{ apiGroups: [""], kinds: [Pod] }] }
  parameters: { repos: ["eu.foo.io/", "bar.io/"] }
`;

function admissionPolicy(matchConditions: string): ComparedFile {
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
function parametersPolicy(registries: string): ComparedFile {
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

function validatingPolicy(version: string, expression: string): ComparedFile {
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
function webhook(condition: string, input = "input.request"): ComparedFile {
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

function ownPolicy(images: string, match = ""): ComparedFile {
  return yaml(`apiVersion: registry-policy.dev/v1
kind: RegistryPolicy
metadata: { name: ours }
spec: { ${match}images: ${images} }
`);
}

const inNamespaces = (second: string) => {
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
function ownScope(change: (text: string) => string = (text) => text): ComparedFile {
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

const ownScopes: Readonly<Record<string, ComparedPair>> = Object.fromEntries(
  (
    [
      [
        "values: [dev]",
        "values: [dev, test]",
        "+ RIGHT does not cover the namespace `shop` with the labels `zone=a,tier=test`",
      ],
      [", PodTemplate", "", "+ RIGHT does not cover PodTemplate"],
      [", shop]", "]", "+ RIGHT does not cover the namespace `shop` with the labels `zone=a`"],
      [", bob]", "]", "- LEFT exempts `bob`"],
      ['"INC-*"', '"INC-1*"', "- LEFT is lifted by the annotation `a.b/c=INC-x`"],
      ['"dev-*"', '"dev-*", "rc-*"', "- LEFT allows the tag `rc-x`, RIGHT does not"],
    ] as const
  ).map(([from, to, cause]) => [
    `two policies of ours of which one has ${to === "" ? "no" : to} in the place of ${from}`,
    { left: ownScope(), right: ownScope((text) => text.replace(from, to)), causes: [cause] },
  ]),
);

export const pairs: Readonly<Record<string, ComparedPair>> = {
  ...ownScopes,
  "patterns of which one has to hold for all images, and patterns of which one has to hold for each": {
    left: ours,
    right: clusterPolicy({ validate: `anyPattern: [${pattern("eu.foo.io/*")}, ${pattern("bar.io/*")}]` }),
    causes: ["- RIGHT refuses `eu.foo.io/app` beside `bar.io/app` in one pod, and neither of them alone"],
  },
  "an image that is exempt by its tag": {
    left: allowedRepos(repos),
    right: allowedRepos(repos.replace("parameters: {", 'parameters: { exemptImages: ["busybox:1.36"],')),
    causes: ["+ RIGHT allows `busybox:1.36`, LEFT does not"],
  },
  "a registry that is called as a group of Kubernetes is": {
    left: ours,
    right: clusterPolicy({ validate: `pattern: ${pattern("eu.foo.io/* | bar.io/* | registry.k8s.io/*")}` }),
    causes: ["+ RIGHT allows what is below `registry.k8s.io`, LEFT does not"],
  },
  "tags that are refused": {
    left: webhook('re_match(":(latest|dev)$", image)'),
    right: webhook('re_match(":(latest|dev|snapshot)$", image)'),
    causes: ["- LEFT allows the tag `snapshot`, RIGHT does not"],
  },
  "the colon of a port": {
    left: clusterPolicy({ validate: `pattern: ${pattern("*:*")}` }),
    right: webhook("not re_match(`:[^/]+$`, image)"),
    causes: [
      "+ `initContainers` are not looked at by RIGHT",
      "+ `ephemeralContainers` are not looked at by RIGHT",
      "+ RIGHT does not cover Deployment, ReplicaSet, StatefulSet, DaemonSet, ReplicationController, Job, CronJob",
      "- LEFT takes the colon of a port for that of a tag, RIGHT does not",
      "+ RIGHT lets pass an entry without an image, which no API server takes, LEFT does not",
    ],
  },
  "users and groups in a condition": {
    left: admissionPolicy(""),
    right: admissionPolicy(`  matchConditions:
    - name: people
      expression: "!('ops' in request.userInfo.groups) && request.userInfo.username != \\"bob\\""
`),
    causes: ["+ RIGHT exempts `bob`, the group `ops`"],
  },
  "the subjects of a rule": {
    left: ours,
    right: clusterPolicy({
      rule: "      exclude: { any: [{ subjects: [{ kind: ServiceAccount, name: deployer, namespace: ci }] }] }\n",
      validate: `pattern: ${pattern("eu.foo.io/* | bar.io/*")}`,
    }),
    causes: ["+ RIGHT exempts `system:serviceaccount:ci:deployer`"],
  },
  "a list of namespaces in a condition": {
    left: admissionPolicy(""),
    right: admissionPolicy(`  matchConditions:
    - { name: namespaces, expression: "!(request.namespace in ['monitoring', 'infra'])" }
`),
    causes: ["+ RIGHT does not cover the namespace `monitoring`, the namespace `infra`"],
  },
  "the second of the namespaces and labels that a binding leaves out": {
    left: admissionPolicy(""),
    right: yaml(
      admissionPolicy("").text.replace(
        "validationActions: [Deny]",
        `validationActions: [Deny], matchResources: { namespaceSelector: { matchExpressions: [
          { key: kubernetes.io/metadata.name, operator: NotIn, values: [ci, build] },
          { key: tier, operator: NotIn, values: [infra, system] }] } }`,
      ),
    ),
    causes: [
      "+ RIGHT does not cover the namespace `ci`, the namespace `build`, the namespace `default` with the labels `tier=infra`, " +
        "the namespace `default` with the labels `tier=system`",
    ],
  },
  "registries in the parameters of a policy": {
    left: parametersPolicy("eu.foo.io/,bar.io/"),
    right: parametersPolicy("eu.foo.io/"),
    causes: ["- LEFT allows what is below `bar.io`, RIGHT does not"],
  },
  "Pods, and Deployments in their place": {
    left: webhook('not startswith(image, "bar.io/")'),
    right: {
      path: "policy.rego",
      text: webhook('not startswith(image, "bar.io/")')
        .text.replace('"Pod"', '"Deployment"')
        .replace("spec.containers", "spec.template.spec.containers"),
    },
    causes: ["+ RIGHT does not cover Pod", "- LEFT does not cover Deployment"],
  },
  "a prefix, of which a port is no cause of its own": {
    left: webhook('not startswith(image, "bar.io/")'),
    right: webhook('not startswith(image, "bar.io")'),
    causes: ['+ RIGHT matches a prefix: no "/" after "bar.io"'],
  },
  "a label of what is judged": {
    left: allowedRepos(repos),
    right: allowedRepos(
      repos.replace(
        "match: {",
        "match: { labelSelector: { matchExpressions: [{ key: unchecked, operator: DoesNotExist }] },",
      ),
    ),
    causes: ["+ RIGHT is lifted by the label `unchecked=x`"],
  },
  "registries that one of two namespaces has": {
    left: inNamespaces("b.example.io/*"),
    right: inNamespaces("b.example.io/* | c.example.io/*"),
    causes: ["+ in the namespace `team-b`, RIGHT allows what is below `c.example.io`, LEFT does not"],
  },
  "a list of what is denied, as text and as a registry": {
    left: webhook('startswith(image, "docker.io/")'),
    right: ownPolicy("{ deny: [docker.io] }", "match: { kinds: [Pod] }, "),
    causes: [
      "- `initContainers` are not looked at by LEFT",
      "- `ephemeralContainers` are not looked at by LEFT",
      "- image volumes are not looked at by LEFT",
      "- LEFT allows names without a registry, RIGHT does not",
      "- LEFT allows what is no valid image reference, RIGHT refuses it",
      "- LEFT allows `docker.io` in upper case, which is the same registry, RIGHT does not",
      "- LEFT allows `docker.io` with the port 443, which is the same registry, RIGHT does not",
      "- LEFT allows `docker.io` on another port, RIGHT does not",
      "- LEFT lets pass an entry without an image, which no API server takes, RIGHT does not",
    ],
  },
  "what an engine's own reader of references fails on": {
    left: validatingPolicy("v1", "c.image.startsWith('bar.io/')"),
    right: validatingPolicy("v1beta1", "image(c.image).registry() == 'bar.io'"),
    causes: [
      "- RIGHT fails with an error on what is no valid image reference, and the request is refused for that: " +
        "error: could not parse reference: bar.io/App",
    ],
  },
  "an engine that fails wherever it judges": {
    left: ownPolicy("{ allow: [bar.io] }", "match: { namespaceSelector: { matchLabels: { zone: a } } }, "),
    right: yaml(
      validatingPolicy("v1", "[c.image][1] == 'bar.io'").text.replace(
        "    resourceRules",
        "    namespaceSelector: { matchLabels: { zone: a } }\n    resourceRules",
      ),
    ),
    causes: [
      "+ `ephemeralContainers` are not looked at by RIGHT",
      "+ RIGHT does not cover ReplicationController",
      "- RIGHT fails with an error, and the request is refused for that: error: index out of bounds: 1",
    ],
  },
  "Rego that was written for another engine": {
    left: webhook('not startswith(image, "bar.io/")'),
    right: webhook('not startswith(image, "bar.io/")', "input.review"),
    causes: ["+ RIGHT refuses nothing: it reads `input.review.kind.kind`, and the input has no `review`"],
  },
  "tags that have to be versions": {
    left: webhook("not re_match(`^bar[.]io/.+:v?[0-9]+[.][0-9]+[.][0-9]+$`, image)"),
    right: webhook("not re_match(`^bar[.]io/.+:v[0-9]+[.][0-9]+[.][0-9]+$`, image)"),
    causes: ["- LEFT allows an image with a tag, RIGHT does not"],
  },
  "a digest that has to be there": {
    left: ours,
    right: clusterPolicy({ validate: `pattern: ${pattern("eu.foo.io/*@sha256:* | bar.io/*@sha256:*")}` }),
    causes: ["- LEFT allows an image with a tag, RIGHT does not"],
  },
  "a label that has to be there": {
    left: admissionPolicy(""),
    right: yaml(
      admissionPolicy("").text.replace(
        "  validations:\n",
        "  validations:\n    - expression: \"'app' in object.metadata.?labels.orValue({})\"\n",
      ),
    ),
    causes: ["- RIGHT refuses a pod that has nothing but the list in question, which LEFT admits"],
  },
  "an older version of a template": {
    left: allowedRepos(repos),
    right: allowedRepos(repos, "v1beta1"),
    causes: [],
  },
  "a template in CEL that has Rego too, which Gatekeeper does not run": {
    left: celTemplate(""),
    right: celTemplate('{ engine: Rego, source: { rego: "package a\\nviolation[{\\"msg\\": \\"no\\"}] { true }" } }, '),
    causes: [],
  },
  "another version of a ClusterPolicy": {
    left: yaml(ours.text.replace("allowExistingViolations: false", "")),
    right: yaml(ours.text.replace("allowExistingViolations: false", "").replace("kyverno.io/v1", "kyverno.io/v2beta1")),
    causes: [],
  },
  "lists that have nothing in common, of which an update of what one refuses is no cause of its own": {
    left: clusterPolicy({ validate: `pattern: ${pattern("a.example.io/*")}` }),
    right: yaml(
      clusterPolicy({ validate: `pattern: ${pattern("b.example.io/*")}` }).text.replace(
        "allowExistingViolations: false",
        "allowExistingViolations: true",
      ),
    ),
    causes: [
      "- LEFT allows what is below `a.example.io`, RIGHT does not",
      "+ RIGHT allows what is below `b.example.io`, LEFT does not",
      "+ RIGHT lets an update of an object pass that violated the policy before",
    ],
  },
  "an older version of a ValidatingPolicy": {
    left: validatingPolicy("v1", "c.image.startsWith('bar.io/')"),
    right: validatingPolicy("v1alpha1", "c.image.startsWith('bar.io/')"),
    causes: [],
  },
};
