/** A policy and fixtures of which one is decided otherwise than is expected. */
export const sampleFiles = {
  "policy.yaml": `apiVersion: registry-policy.dev/v1
kind: RegistryPolicy
metadata:
  name: sample
spec:
  enforcement: warn
  match:
    excludeNamespaces: [kube-system]
  images:
    allow:
      - registry.my.com
      - pattern: docker.io/library/{nginx,redis}
        reason: Official images.
    deny:
      - registry.my.com/sandbox/**
    denyTags: [latest]
`,
  "fixtures.yaml": `apiVersion: registry-policy.dev/v1
kind: Fixtures
cases:
  - {name: our own registry, image: "registry.my.com/app:1", expect: allow}
  - {name: a sandbox image, image: "registry.my.com/sandbox/app:1", expect: deny}
  - {name: kube-system is left alone, image: evil/x, namespace: {name: kube-system}, expect: out-of-scope}
`,
} as const;

/** Fixtures of which two are not as they are expected. */
export const failingFixtures = `apiVersion: registry-policy.dev/v1
kind: Fixtures
cases:
  - {name: our own registry, image: "registry.my.com/app:1", expect: allow}
  - {name: "a name that is too long for one line, so that it has to be broken", image: nginx, expect: allow}
  - {name: nothing judges a Service, object: {apiVersion: v1, kind: Service, metadata: {name: s}}, expect: allow}
`;
