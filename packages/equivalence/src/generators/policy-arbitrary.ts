import { kindNames, type Policy, parsePolicies, type RawPolicy } from "@registry-policy/language";
import fc from "fast-check";
import { hostileText } from "./hostile-texts.js";
import { patternText } from "./pattern-arbitrary.js";

/** A policy as it is written, and as it is read. */
export interface GeneratedPolicy {
  readonly raw: RawPolicy;
  readonly policy: Policy;
}

const item = fc.oneof(
  { weight: 3, arbitrary: patternText as fc.Arbitrary<unknown> },
  { weight: 1, arbitrary: fc.record({ pattern: patternText, reason: hostileText }) },
);
const namespaceGlob = fc.constantFrom("*", "team-*", "*-prod", "*-batch-*", "team-a", "kube-system", "default");
const user = fc.constantFrom(
  "alice",
  "system:serviceaccount:flux-system:*",
  "*",
  "*ice",
  "*:flux-*",
  "a'\"b",
  "{{ x }}",
);
const group = fc.constantFrom("dev", "break-glass", "system:*", "*glass", "*e*", "$(x)");
const key = fc.constantFrom("env", "team", "kubernetes.io/metadata.name", "registry-policy");
const value = fc.constantFrom("prod", "dev", "team-a", "default", "");

function list<T>(of: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<T[]> {
  return fc.array(of, { minLength: 1, maxLength });
}

/** Each field is there or not. */
function optional(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(fields, { requiredKeys: [] });
}

/** A field of a policy that most policies do not have: `undefined` is left out when the policy is written. */
function seldom<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined, freq: 1 });
}

const expression = fc.oneof(
  fc.record({ key, operator: fc.constantFrom("In", "NotIn"), values: list(value, 2) }),
  fc.record({ key, operator: fc.constantFrom("Exists", "DoesNotExist") }),
);
const selector = fc.oneof(
  fc.record({ matchLabels: fc.dictionary(key, value, { minKeys: 1, maxKeys: 2 }) }),
  fc.record({ matchExpressions: list(expression, 2) }),
  fc.record({
    matchLabels: fc.dictionary(key, value, { minKeys: 1, maxKeys: 1 }),
    matchExpressions: list(expression, 1),
  }),
);

const rawPolicy = fc.record({
  apiVersion: fc.constant("registry-policy.dev/v1"),
  kind: fc.constant("RegistryPolicy"),
  metadata: fc.record(
    {
      name: fc.constantFrom("p", "no", "trusted-registries", "a".repeat(63), "1e3"),
      labels: fc.dictionary(fc.constantFrom("team", "x.io/y"), fc.constantFrom("no", "1", "a_b"), { maxKeys: 2 }),
      annotations: fc.dictionary(fc.constantFrom("note", "x.io/z"), hostileText, { maxKeys: 2 }),
    },
    { requiredKeys: ["name"] },
  ),
  spec: fc.record({
    title: seldom(hostileText),
    description: seldom(hostileText),
    category: seldom(hostileText),
    severity: seldom(fc.constantFrom("low", "medium", "high", "critical")),
    enforcement: fc.constantFrom("deny", "warn", "audit", undefined),
    match: seldom(
      optional({
        kinds: fc.uniqueArray(fc.constantFrom(...kindNames), { minLength: 1 }),
        namespaces: list(namespaceGlob, 2),
        excludeNamespaces: list(namespaceGlob, 2),
        namespaceSelector: selector,
      }),
    ),
    images: optional({
      defaultRegistry: fc.constantFrom(
        "docker.io",
        "ghcr.io",
        "registry.my.com:5000",
        "localhost",
        "corp:443",
        "INDEX.docker.io:0443",
      ),
      allow: list(item, 6),
      deny: list(item, 4),
      require: optional({
        registry: fc.constant("explicit"),
        tag: fc.constant("explicit"),
        digest: fc.boolean(),
      }),
      denyTags: list(fc.constantFrom("latest", "v*", "*-rc*", "*", "dev", "*a*", "a*b*c"), 3),
    }),
    exempt: seldom(
      optional({
        users: list(user, 2),
        groups: list(group, 2),
        breakGlass: fc.record(
          {
            annotation: fc.constantFrom("mycluster.image-policy.k8s.io/ticket", "ticket"),
            value: fc.constantFrom("INC-*", "*", "*-7", "*C-*", "exact", "{{ x }}*"),
          },
          { requiredKeys: ["annotation"] },
        ),
      }),
    ),
  }),
});

/** Policies over the whole of the language; those that it refuses are left out. */
export const policyArbitrary: fc.Arbitrary<GeneratedPolicy> = rawPolicy
  .map(readRaw)
  .filter((read) => read !== undefined);

/**
 * Reads a policy from its JSON.
 *
 * @returns `undefined` if the language refuses it.
 */
export function readRaw(raw: unknown): GeneratedPolicy | undefined {
  const text = JSON.stringify(raw);
  const { policies, diagnostics } = parsePolicies({ text, file: "policy.yaml" });
  const [policy] = policies;
  if (policy === undefined || diagnostics.some(({ severity }) => severity === "error")) return undefined;
  return { raw: JSON.parse(text) as RawPolicy, policy };
}
