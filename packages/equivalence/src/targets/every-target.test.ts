import { everyTarget } from "./every-target.test.data.js";

const digest = `sha256:${"a".repeat(64)}`;

everyTarget("a registry allows what is below it, and nothing that only begins like it", {
  spec: "images: {allow: [registry.my.com]}",
  emitted: {
    "kyverno-cluster-policy": ["(?i:regi(?-i:[Ss])try[.]my[.]com)(?::0*443)?"],
    gatekeeper: ['patterns: "registry.my.com/**"', "(?i:registry[.]my[.]com)(?::0*443)?/"],
    "kyverno-validating-policy": ["in ['registry.my.com/']"],
    "gatekeeper-cel": ["registry.my.com/: true"],
    "validating-admission-policy": ["in ['registry.my.com/']"],
    opa: ['"registry.my.com"', '"**"'],
  },
  cases: `
- {name: below it, image: registry.my.com/x, expect: allow}
- {name: far below it, image: "registry.my.com/a/b/c:v1", expect: allow}
- {name: its default port, image: "REGISTRY.my.com:0443/x", expect: allow}
- {name: another port, image: "registry.my.com:5000/x", expect: {verdict: deny, images: [{reason: unlisted}]}}
- {name: a longer host, image: registry.my.com.evil.com/x, expect: deny}
- {name: another registry's repository, image: evil.com/registry.my.com/x, expect: deny}
- {name: no dot but a letter, image: registryxmy.com/x, expect: deny}
- {name: a short name, image: nginx, expect: deny}
- {name: no reference, image: "registry.my.com/UPPER", expect: {verdict: deny, images: [{reason: invalid}]}}
- {name: two lines, image: "registry.my.com/x\\nregistry.my.com/y", expect: deny}
`,
});

everyTarget("a repository, a team's prefix and one level", {
  spec: 'images: {allow: [ghcr.io/acme/app, "ghcr.io/team/**", "ghcr.io/flat/*"]}',
  emitted: {
    "kyverno-cluster-policy": ["ghcr.io/acme/app", "ghcr.io/team/"],
    gatekeeper: ["ghcr.io/acme/app\n", "ghcr.io/flat/*\n", "ghcr.io/team/**\n"],
    "kyverno-validating-policy": ["'ghcr.io/acme/app'", "'ghcr.io/team/'", "(?i:ghcr[.]io)(?::0*443)?/flat/[^/:@]*"],
    "gatekeeper-cel": ["ghcr.io/acme/app: true", "ghcr.io/team/: true", "(?i:ghcr[.]io)(?::0*443)?/flat/[^/:@]*"],
    "validating-admission-policy": ["'ghcr.io/acme/app'", "'ghcr.io/team/'", "(?i:ghcr[.]io)(?::0*443)?/flat/[^/:@]*"],
    opa: ['"acme/app"', '"team/**"', '"flat/*"'],
  },
  cases: `
- {name: the repository, image: "ghcr.io/acme/app:1", expect: allow}
- {name: one that begins like it, image: ghcr.io/acme/app-evil, expect: deny}
- {name: one below it, image: ghcr.io/acme/app/x, expect: deny}
- {name: below the prefix, image: ghcr.io/team/a/b, expect: allow}
- {name: the prefix itself, image: ghcr.io/team, expect: deny}
- {name: a prefix without its slash, image: ghcr.io/team-evil/x, expect: deny}
- {name: one level, image: ghcr.io/flat/x, expect: allow}
- {name: two levels, image: ghcr.io/flat/x/y, expect: deny}
`,
});

everyTarget("Docker Hub under each of its names", {
  spec: "images: {allow: [docker.io/nginx, docker.io/acme/app]}",
  emitted: {
    "kyverno-cluster-policy": ["docker.io/library/nginx", "docker.io/acme/app"],
    gatekeeper: ["docker.io/acme/app\n", "docker.io/library/nginx"],
    "kyverno-validating-policy": ["in ['docker.io/acme/app', 'docker.io/library/nginx']"],
    "gatekeeper-cel": ["docker.io/acme/app: true", "docker.io/library/nginx: true"],
    "validating-admission-policy": ["in ['docker.io/acme/app', 'docker.io/library/nginx']"],
    opa: ['"docker.io"', '"library/nginx"'],
  },
  cases: `
- {name: a short name, image: nginx, expect: allow}
- {name: library written, image: "library/nginx:1", expect: allow}
- {name: the registry written, image: docker.io/nginx, expect: allow}
- {name: the index, image: "INDEX.docker.io:443/library/nginx", expect: allow}
- {name: a short name of two, image: acme/app, expect: allow}
- {name: another port is another registry, image: "docker.io:5000/nginx", expect: deny}
- {name: a mirror, image: mirror.io/library/nginx, expect: deny}
- {name: localhost is a registry, image: localhost/nginx, expect: deny}
- {name: an image id, image: ${"a".repeat(64)}, expect: {verdict: deny, images: [{reason: invalid}]}}
`,
});

everyTarget("another default registry", {
  spec: 'images: {defaultRegistry: "mirror.corp:5000", allow: ["mirror.corp:5000/**"]}',
  emitted: {
    "kyverno-cluster-policy": ["mirror.corp:5000", "(?i:mirror[.]corp):0*5000/"],
    gatekeeper: ['defaultRegistry: "mirror.corp:5000"', "(?i:mirror[.]corp):0*5000/"],
    "kyverno-validating-policy": ["'mirror.corp:5000/' + image", "in ['mirror.corp:5000/']"],
    "gatekeeper-cel": ['defaultRegistry: "mirror.corp:5000"', '"mirror.corp:5000/": true'],
    "validating-admission-policy": ["'mirror.corp:5000/' + image", "in ['mirror.corp:5000/']"],
    opa: ['"mirror.corp:5000"'],
  },
  cases: `
- {name: a short name, image: nginx, expect: allow}
- {name: leading zeros, image: "mirror.corp:05000/x", expect: allow}
- {name: Docker Hub, image: docker.io/nginx, expect: deny}
`,
});

everyTarget("wildcards in registry, port, repository, tag and digest", {
  spec: `
images:
  allow: ["*.dkr.ecr.*.amazonaws.com", "**.corp.example:*/**", "quay.io/a-*/x", "quay.io/**/deep", "quay.io/t:v*", "quay.io/d@sha256:a*"]
`,
  emitted: {
    "kyverno-cluster-policy": [
      "[a-z0-9-]+[.]dkr[.]ecr[.][a-z0-9-]+[.]amazonaws[.]com",
      "(?:[a-z0-9-]+[.])+corp[.]example",
    ],
    gatekeeper: ["[a-z0-9-]+[.]dkr[.]ecr[.][a-z0-9-]+[.]amazonaws[.]com", "quay.io/d@sha256:a*\n"],
    "kyverno-validating-policy": [
      "[a-z0-9-]+[.]dkr[.]ecr[.][a-z0-9-]+[.]amazonaws[.]com",
      "(?:[a-z0-9-]+[.])+corp[.]example",
    ],
    "gatekeeper-cel": ["[a-z0-9-]+[.]dkr[.]ecr[.][a-z0-9-]+[.]amazonaws[.]com", "(?:[a-z0-9-]+[.])+corp[.]example"],
    "validating-admission-policy": [
      "[a-z0-9-]+[.]dkr[.]ecr[.][a-z0-9-]+[.]amazonaws[.]com",
      "(?:[a-z0-9-]+[.])+corp[.]example",
    ],
    opa: ["*.dkr.ecr.*.amazonaws.com", "**.corp.example:*"],
  },
  cases: `
- {name: ecr, image: 1.dkr.ecr.eu-west-1.amazonaws.com/x, expect: allow}
- {name: a label too many, image: 1.2.dkr.ecr.eu-west-1.amazonaws.com/x, expect: deny}
- {name: subdomains at any port, image: "a.b.corp.example:8443/x/y", expect: allow}
- {name: no subdomain, image: corp.example/x, expect: deny}
- {name: a part of a component, image: quay.io/a-b/x, expect: allow}
- {name: not across components, image: quay.io/a-b/c/x, expect: deny}
- {name: any depth, image: quay.io/p/q/deep, expect: allow}
- {name: no depth, image: quay.io/deep, expect: allow}
- {name: a tag, image: "quay.io/t:v2", expect: allow}
- {name: another tag, image: "quay.io/t:2", expect: deny}
- {name: a digest, image: "quay.io/d@${digest}", expect: allow}
- {name: another digest, image: "quay.io/d:1@${digest.replaceAll("a", "b").replace("shb", "sha")}", expect: deny}
`,
});

everyTarget("deny beats allow, on every port, with its reason", {
  spec: `
images:
  allow: [registry.my.com, "registry.my.com:*/**"]
  deny: [{pattern: "registry.my.com/sandbox/**", reason: Nobody scans the sandbox.}]
`,
  emitted: {
    "kyverno-cluster-policy": ["(?i:registry[.]my[.]com)(?::[0-9]+)?/sandbox/", "Nobody scans the sandbox."],
    gatekeeper: ["(?i:registry[.]my[.]com)(?::[0-9]+)?/sandbox/", "reason: Nobody scans the sandbox."],
    "kyverno-validating-policy": [
      "in ['registry.my.com/sandbox/']",
      "(registry.my.com/sandbox/**: Nobody scans the sandbox.)",
    ],
    "gatekeeper-cel": ["registry.my.com/sandbox/: true", "reason: Nobody scans the sandbox."],
    "validating-admission-policy": [
      "in ['registry.my.com/sandbox/']",
      "(registry.my.com/sandbox/**: Nobody scans the sandbox.)",
    ],
    opa: ["sandbox/**", "Nobody scans the sandbox."],
  },
  cases: `
- {name: in the sandbox, image: registry.my.com/sandbox/x, expect: {verdict: deny, images: [{reason: denied}]}}
- {name: at another port, image: "registry.my.com:8443/sandbox/x", expect: {verdict: deny, images: [{reason: denied}]}}
- {name: spelled otherwise, image: "Registry.MY.com:0443/sandbox/x:1", expect: deny}
- {name: beside it, image: registry.my.com/sandbox-2/x, expect: allow}
`,
});

everyTarget("a registry, a tag and a digest are asked for", {
  spec: 'images: {require: {registry: explicit, tag: explicit, digest: true}, denyTags: [latest, "dev-*"]}',
  emitted: {
    "kyverno-cluster-policy": ["contains(image,'@')", "dev-[^/:@]*"],
    gatekeeper: ["registry: true", "tag: true", "digest: true", "dev-*\n"],
    "kyverno-validating-policy": ["image.contains('@')", "dev-[^/:@]*"],
    "gatekeeper-cel": ["registry: true", "tag: true", "digest: true", "dev-[^/:@]*"],
    "validating-admission-policy": ["image.contains('@')", "dev-[^/:@]*"],
    opa: ['"digest"', '"latest"', '"dev-*"'],
  },
  cases: `
- {name: all is there, image: "ghcr.io/a/b:1@${digest}", expect: allow}
- {name: a digest alone, image: "ghcr.io/a/b@${digest}", expect: allow}
- {name: no registry, image: "a/b:1@${digest}", expect: {verdict: deny, images: [{reason: registry-implicit}]}}
- {name: nothing, image: ghcr.io/a/b, expect: {verdict: deny, images: [{reason: tag-missing}]}}
- {name: a denied tag, image: "ghcr.io/a/b:dev-1@${digest}", expect: {verdict: deny, images: [{reason: tag-denied}]}}
- {name: no digest, image: "ghcr.io/a/b:1", expect: {verdict: deny, images: [{reason: digest-missing}]}}
`,
});

everyTarget("every image field of every kind", {
  spec: `
match: {kinds: [Pod, Deployment, ReplicaSet, StatefulSet, DaemonSet, ReplicationController, Job, CronJob, PodTemplate]}
images: {allow: [registry.my.com]}
`,
  emitted: {
    "kyverno-cluster-policy": ["apps/*/Deployment", "kind=='CronJob'", "spec.template"],
    gatekeeper: ["- ReplicationController", "- CronJob", "- PodTemplate"],
    "kyverno-validating-policy": ["pods/ephemeralcontainers", "replicationcontrollers", "podtemplates"],
    "gatekeeper-cel": ["- ReplicationController", "- PodTemplate", "request.subResource == 'ephemeralcontainers'"],
    "validating-admission-policy": ["pods/ephemeralcontainers", "replicationcontrollers", "podtemplates"],
    opa: ['"PodTemplate"'],
  },
  cases: `
- name: an init container
  object: {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {initContainers: [{name: i, image: nginx}], containers: [{name: c, image: registry.my.com/x}]}}
  expect: {verdict: deny, images: [{image: nginx, field: "spec.initContainers[0].image"}]}
- name: an ephemeral container
  operation: UPDATE
  subResource: ephemeralcontainers
  object: {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {ephemeralContainers: [{name: e, image: nginx}], containers: [{name: c, image: registry.my.com/x}]}}
  oldObject: {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: registry.my.com/x}]}}
  expect: deny
- name: an ephemeral container in a pod that violated before
  operation: UPDATE
  subResource: ephemeralcontainers
  object: {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {ephemeralContainers: [{name: e, image: evil.com/x}], containers: [{name: c, image: nginx}]}}
  oldObject: {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: nginx}]}}
  expect: deny
- name: an image volume
  object: {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {volumes: [{name: v, image: {reference: nginx}}], containers: [{name: c, image: registry.my.com/x}]}}
  expect: {verdict: deny, images: [{image: nginx, field: "spec.volumes[0].image.reference"}]}
- name: an image volume without a reference
  object: {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {volumes: [{name: v, image: {}}, {name: w, emptyDir: {}}], containers: [{name: c, image: registry.my.com/x}]}}
  expect: allow
- name: a container without an image
  object: {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c}]}}
  expect: {verdict: deny, images: [{reason: missing}]}
- name: containers that are an object
  object: {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: {image: registry.my.com/x}}}
  expect: {verdict: deny, images: [{reason: missing, field: spec.containers}]}
- name: no pod spec
  object: {apiVersion: v1, kind: Pod, metadata: {name: p}}
  expect: {verdict: deny, images: [{reason: missing, field: spec}]}
- name: two containers of one name
  object: {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: nginx}, {name: c, image: registry.my.com/x}]}}
  expect: deny
${["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"].map((kind) => template("apps/v1", kind)).join("")}
${template("v1", "ReplicationController")}${template("batch/v1", "Job")}
- name: a CronJob
  object: {apiVersion: batch/v1, kind: CronJob, metadata: {name: x}, spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: c, image: nginx}]}}}}}}
  expect: deny
- name: a PodTemplate
  object: {apiVersion: v1, kind: PodTemplate, metadata: {name: x}, template: {spec: {containers: [{name: c, image: nginx}]}}}
  expect: deny
- name: a foreign Deployment
  object: {apiVersion: example.com/v1, kind: Deployment, metadata: {name: x}, spec: {template: {spec: {containers: [{name: c, image: nginx}]}}}}
  expect: out-of-scope
- name: a Deployment with a pod's spec as well
  object: {apiVersion: apps/v1, kind: Deployment, metadata: {name: x}, spec: {containers: [{name: c, image: registry.my.com/x}], template: {spec: {containers: [{name: c, image: nginx}]}}}}
  expect: deny
`,
});

function template(apiVersion: string, kind: string): string {
  return `
- name: a ${kind}
  object: {apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: x}, spec: {template: {spec: {containers: [{name: c, image: nginx}]}}}}
  expect: deny
- name: a good ${kind}
  object: {apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: x}, spec: {template: {spec: {containers: [{name: c, image: registry.my.com/x}]}}}}
  expect: allow`;
}

everyTarget("operations: only what is created or changed", {
  spec: "images: {allow: [registry.my.com]}",
  emitted: {
    "kyverno-cluster-policy": ["- CREATE", "- UPDATE"],
    gatekeeper: ["[CREATE, UPDATE]"],
    "kyverno-validating-policy": ["- CREATE", "- UPDATE"],
    "gatekeeper-cel": ["[CREATE, UPDATE]"],
    "validating-admission-policy": ["- CREATE", "- UPDATE"],
    opa: ['"UPDATE"'],
  },
  cases: `
- {name: an update, operation: UPDATE, object: &bad {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: nginx}]}}, oldObject: *bad, expect: deny}
- {name: an update that mends it, operation: UPDATE, oldObject: *bad, object: {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: registry.my.com/x}]}}, expect: allow}
- {name: a deletion, operation: DELETE, oldObject: *bad, expect: out-of-scope}
- {name: a status, operation: UPDATE, subResource: status, object: *bad, oldObject: *bad, expect: out-of-scope}
`,
});

everyTarget("namespaces, by name and by label", {
  spec: `
match:
  namespaces: ["team-*", "*-prod", "*-mid-*"]
  excludeNamespaces: [team-x]
  namespaceSelector: {matchLabels: {policy: "on"}, matchExpressions: [{key: tier, operator: NotIn, values: [free]}]}
images: {allow: [registry.my.com]}
`,
  emitted: {
    "kyverno-cluster-policy": ['"team-*"', "- team-x", 'policy: "on"', "operator: NotIn"],
    gatekeeper: ['"team-*"', "excludedNamespaces", 'policy: "on"'],
    "kyverno-validating-policy": ["request.namespace.startsWith('team-')", 'policy: "on"', "operator: NotIn"],
    "gatekeeper-cel": ['"team-*"', "excludedNamespaces", 'policy: "on"'],
    "validating-admission-policy": ["request.namespace.startsWith('team-')", 'policy: "on"', "operator: NotIn"],
    opa: ['"team-*"', '"team-x"', '"policy": "on"'],
  },
  cases: `
- {name: it begins so, image: nginx, namespace: {name: team-a, labels: {policy: "on"}}, expect: deny}
- {name: it ends so, image: nginx, namespace: {name: shop-prod, labels: {policy: "on"}}, expect: deny}
- {name: it holds it, image: nginx, namespace: {name: a-mid-b, labels: {policy: "on"}}, expect: deny}
- {name: it only holds what it should begin with, image: nginx, namespace: {name: my-team-a, labels: {policy: "on"}}, expect: out-of-scope}
- {name: excluded, image: nginx, namespace: {name: team-x, labels: {policy: "on"}}, expect: out-of-scope}
- {name: not labelled, image: nginx, namespace: {name: team-a}, expect: out-of-scope}
- {name: labelled otherwise, image: nginx, namespace: {name: team-a, labels: {policy: "on", tier: free}}, expect: out-of-scope}
`,
});

everyTarget("exemptions: users, groups and a broken glass", {
  spec: `
images: {allow: [registry.my.com]}
exempt:
  users: ["system:serviceaccount:flux:*"]
  groups: [sre]
  breakGlass: {annotation: example.com/ticket, value: "INC-*"}
`,
  emitted: {
    "kyverno-cluster-policy": [
      "system:serviceaccount:flux:*",
      "kind: Group",
      "background: false",
      "example.com/ticket",
    ],
    gatekeeper: ["system:serviceaccount:flux:*", "annotation: example.com/ticket", 'value: "INC-*"'],
    "kyverno-validating-policy": [
      "startsWith('system:serviceaccount:flux:')",
      "'example.com/ticket' in",
      "enabled: false",
    ],
    "gatekeeper-cel": [
      "system:serviceaccount:flux:*",
      "annotation: example.com/ticket",
      'value: "INC-*"',
      "validation.gatekeeper.sh",
    ],
    "validating-admission-policy": ["startsWith('system:serviceaccount:flux:')", "'example.com/ticket' in"],
    opa: ["system:serviceaccount:flux:*", "example.com/ticket"],
  },
  cases: `
- {name: an exempt user, image: nginx, user: {name: "system:serviceaccount:flux:kustomize"}, expect: out-of-scope}
- {name: a user who is not, image: nginx, user: {name: "system:serviceaccount:fluxx:kustomize"}, expect: deny}
- {name: an exempt group, image: nginx, user: {name: a, groups: [dev, sre]}, expect: out-of-scope}
- {name: a group that begins so, image: nginx, user: {name: a, groups: [sre2]}, expect: deny}
- {name: nobody, image: nginx, expect: deny}
- {name: a broken glass, object: {apiVersion: v1, kind: Pod, metadata: {name: p, annotations: {example.com/ticket: INC-1}}, spec: {containers: [{name: c, image: nginx}]}}, expect: out-of-scope}
- {name: another value, object: {apiVersion: v1, kind: Pod, metadata: {name: p, annotations: {example.com/ticket: "x INC-1"}}, spec: {containers: [{name: c, image: nginx}]}}, expect: deny}
- {name: on the controller alone, object: {apiVersion: apps/v1, kind: Deployment, metadata: {name: p, annotations: {example.com/ticket: INC-1}}, spec: {template: {spec: {containers: [{name: c, image: nginx}]}}}}, expect: deny}
- {name: on its template, object: {apiVersion: apps/v1, kind: Deployment, metadata: {name: p}, spec: {template: {metadata: {annotations: {example.com/ticket: INC-1}}, spec: {containers: [{name: c, image: nginx}]}}}}, expect: out-of-scope}
`,
});

everyTarget("an exemption for every user leaves out nobody", {
  spec: 'images: {allow: [registry.my.com]}\nexempt: {users: ["*"]}',
  emitted: {
    "kyverno-cluster-policy": ['"?*"'],
    gatekeeper: ['"*"'],
    "kyverno-validating-policy": ["request.userInfo.username != ''"],
    "gatekeeper-cel": ["request.userInfo.username != ''"],
    "validating-admission-policy": ["request.userInfo.username != ''"],
    opa: ['"*"'],
  },
  cases: `
- {name: somebody, image: nginx, user: {name: alice}, expect: out-of-scope}
- {name: nobody, image: nginx, expect: deny}
`,
});

for (const [enforcement, emitted] of [
  [
    "warn",
    {
      "kyverno-cluster-policy": ["failureAction: Audit", "emitWarning: true"],
      gatekeeper: ["enforcementAction: warn"],
      "kyverno-validating-policy": ["validationActions: [Warn]"],
      "gatekeeper-cel": ["enforcementAction: warn"],
      "validating-admission-policy": ["validationActions: [Warn]"],
      opa: ['"warn"'],
    },
  ],
  [
    "audit",
    {
      "kyverno-cluster-policy": ["failureAction: Audit"],
      gatekeeper: ["enforcementAction: dryrun"],
      "kyverno-validating-policy": ["validationActions: [Audit]"],
      "gatekeeper-cel": ["enforcementAction: dryrun"],
      "validating-admission-policy": ["validationActions: [Audit]"],
      opa: ['"audit"'],
    },
  ],
] as const) {
  everyTarget(`enforcement ${enforcement}`, {
    spec: `enforcement: ${enforcement}\nimages: {allow: [registry.my.com]}`,
    emitted,
    cases: `
- {name: a violation, image: nginx, expect: deny}
- {name: none, image: registry.my.com/x, expect: allow}
`,
  });
}
