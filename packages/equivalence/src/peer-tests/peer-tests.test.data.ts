import type { PolicyCases } from "../files/assign-fixtures.js";
import { readOurs } from "../files/discover.js";

/** A policy named `p` with everything that decides the scope, and fixtures of every sort. */
export function everySortOfCase(enforcement = "deny", spec = scope): PolicyCases {
  const place = (path: string) => ({ path, isNamed: true, folders: [] });
  const policyText = `${head("RegistryPolicy")}metadata: {name: p}
spec:
  enforcement: ${enforcement}
  images: {allow: [registry.my.com]}
${spec}`;
  const [found] = readOurs(place("policy.yaml"), policyText).policies;
  const { fixtures, fixtureDiagnostics } = readOurs(place("fixtures.yaml"), `${head("Fixtures")}cases:\n${cases}`);
  if (found === undefined || fixtureDiagnostics.length > 0) throw new Error(JSON.stringify(fixtureDiagnostics));
  return { found, cases: fixtures.flatMap(({ set }) => set.cases) };
}

const head = (kind: string) => `apiVersion: registry-policy.dev/v1\nkind: ${kind}\n`;

const scope = `  match:
    namespaces: ["team-*"]
    namespaceSelector: {matchLabels: {zone: a}}
  exempt:
    users: [robot]
`;

const pod = (image: string, metadata = "{name: web}") =>
  `{apiVersion: v1, kind: Pod, metadata: ${metadata}, spec: {containers: [{name: a, image: ${image}}]}}`;

const cases = `
- {name: ours, namespace: {name: team-a, labels: {zone: a}}, image: registry.my.com/a, expect: allow}
- {name: Ours!, namespace: {name: team-a, labels: {zone: a}}, image: registry.my.com/b, expect: allow}
- {name: "theirs \\"}\\n\\u2028{{x}}", namespace: {name: team-a, labels: {zone: a}}, image: nginx, expect: {verdict: deny, images: [{image: nginx}]}}
- {name: another zone, namespace: {name: team-a, labels: {zone: b}}, image: nginx, expect: out-of-scope}
- {name: unknown labels, namespace: {name: team-a, labels: null}, image: nginx, expect: deny}
- {name: an exempt user, namespace: {name: team-a, labels: {zone: a}}, user: {name: robot}, image: nginx, expect: out-of-scope}
- {name: another user, namespace: {name: team-a, labels: {zone: a}}, user: {name: alice}, image: nginx, expect: deny}
- {name: an update, operation: UPDATE, namespace: {name: team-a, labels: {zone: a}}, object: ${pod("nginx")}, expect: deny}
- {name: an update from another, operation: UPDATE, namespace: {name: team-a, labels: {zone: a}}, object: ${pod("nginx")}, oldObject: ${pod("busybox")}, expect: deny}
- {name: a deletion, operation: DELETE, namespace: {name: team-a, labels: {zone: a}}, oldObject: ${pod("nginx")}, expect: out-of-scope}
- {name: a connection, operation: CONNECT, namespace: {name: team-a, labels: {zone: a}}, object: ${pod("nginx")}, expect: out-of-scope}
- {name: a debug container, operation: UPDATE, subResource: ephemeralcontainers, namespace: {name: team-a, labels: {zone: a}}, object: ${pod("nginx")}, expect: deny}
- {name: a foreign kind, namespace: {name: team-a, labels: {zone: a}}, object: {apiVersion: acme.example/v1, kind: Pod, metadata: {name: p}}, expect: out-of-scope}
- {name: a number, namespace: {name: team-a, labels: {zone: a}}, object: ${pod("5")}, expect: deny}
- {name: half a pair, namespace: {name: team-a, labels: {zone: a}}, image: "x\\ud800", expect: deny}
- {name: a backslash, namespace: {name: team-a, labels: {zone: a}}, image: 'x\\ud800', expect: deny}
- {name: an image of null, namespace: {name: team-a, labels: {zone: a}}, object: ${pod("null", "{name: web, annotations: null}")}, expect: deny}
`;
