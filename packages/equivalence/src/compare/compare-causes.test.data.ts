import type { ComparedFile } from "./compared-documents.js";
import {
  admissionPolicy,
  allowedRepos,
  celTemplate,
  clusterPolicy,
  inNamespaces,
  ours,
  ownPolicy,
  ownScope,
  parametersPolicy,
  pattern,
  repos,
  validatingPolicy,
  webhook,
  yaml,
} from "./policies-by-hand.test.data.js";

/** Two policies as people write them, and what is found between them: `+` allowed by RIGHT alone, `-` by LEFT alone. */
export interface ComparedPair {
  readonly left: ComparedFile;
  readonly right: ComparedFile;
  readonly causes: readonly string[];
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
