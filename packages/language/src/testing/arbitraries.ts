import fc from "fast-check";
import { kindNames } from "../kinds.js";
import type { RawPolicy } from "../policy-schema.js";

const hostLabel = fc.constantFrom("a", "x1", "b-c");
const component = fc.constantFrom("a", "b", "c.d", "e__f--g", "library");
const tag = fc.constantFrom("latest", "v1", "v1.2", "V_3-rc", "_x");
const digest = fc.constantFrom(`sha256:${"0".repeat(64)}`, `sha512:${"f".repeat(128)}`);
const port = fc.constantFrom("", "", ":0443", ":5000", ":05000");

/** Valid and invalid references of awkward shapes, from a small vocabulary: patterns from the same one match them. */
export const imageText: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.oneof(
          fc.constantFrom("", "docker.io/", "index.docker.io/", "DOCKER.IO:443/", "localhost/", "[::1]:5000/", "Corp/"),
          fc
            .tuple(fc.array(hostLabel, { minLength: 2, maxLength: 2 }), port)
            .map(([labels, end]) => `${labels.join(".")}${end}/`),
        ),
        fc.array(component, { minLength: 1, maxLength: 3 }),
        fc.option(tag, { nil: undefined }),
        fc.option(digest, { nil: undefined }),
      )
      .map(([host, components, end, sum]) => `${host}${components.join("/")}${suffix(end, sum)}`),
  },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(..."aA0-_./:@ é\n*[]"), maxLength: 20 }) },
);

/** Valid patterns; one in six or so matches an image of `imageText`. */
export const patternText: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(
      fc.constantFrom("**", "**", "docker.io", "index.docker.io", "localhost", "[::1]:*", "[::1]:5000", "Corp:443"),
      fc.constantFrom("**.a", "*.x1", "a.*", "*.*", "**.*:*", "**.*:5000"),
      fc
        .tuple(hostLabel, hostLabel, fc.constantFrom("", ":443", ":5000", ":*"))
        .map(([a, b, end]) => `${a}.${b}${end}`),
    ),
    fc.oneof(
      fc.constantFrom(["**"], ["*"], ["*", "*"], ["a", "**"]),
      fc.array(fc.oneof(component, fc.constantFrom("*", "**", "a*", "*d", "{a,b}", "{a/b,c.d}")), {
        minLength: 1,
        maxLength: 3,
      }),
    ),
    fc.option(fc.oneof(tag, fc.constantFrom("*", "v*", "*1*", "{v1,latest}")), { nil: undefined, freq: 1 }),
    fc.option(fc.constantFrom("*", "sha256:*", "*f"), { nil: undefined, freq: 1 }),
  )
  .map(([host, components, end, sum]) => `${host}/${components.join("/")}${suffix(end, sum)}`);

/** Texts with all that is awkward to quote. */
export const printableText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "no",
    "on",
    "1e3",
    "0o7",
    "12:30",
    "~",
    "null",
    "{{ x }}",
    "$(x)",
    "a: b",
    "# a",
    "- a",
    "|",
    ">",
    "'",
    '"',
    "%a",
    "@a",
    "`a`",
    "\\n",
    "a\n",
    "\n",
    " a ",
    "\ta",
    "---",
    "...",
    "*a",
    "&a",
    "!a",
    "=",
    "<<",
    "\ufeffa",
    "\u2028",
    "😀",
    "a\n\nb\n ",
  ),
  fc
    .string({
      unit: fc.oneof(
        fc.constantFrom(..."ab :#-{}[],&*!|>'\"%@`\n\t\\"),
        fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
      ),
      minLength: 1,
      maxLength: 30,
    })
    .filter(
      (text) => text !== "" && !/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffd-\uffff\ud800-\udfff]/u.test(text),
    ),
);

const key = fc.constantFrom("a", "acme.io/b", "constructor", "hasOwnProperty", "no", "x_y.z");
const labelValue = fc.constantFrom("", "a", "no", "1.10", "true", "A_b.c");
const labels = fc.dictionary(key, labelValue, { maxKeys: 3 });
const namespaceGlob = fc.constantFrom("*", "team-*", "*-prod", "*-batch-*", "kube-system", "no", "1");
const accountGlob = printableText.map((text) => text.replaceAll("*", "")).filter((text) => text !== "");
const list = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: 1, maxLength: 4 });

const entry = fc.oneof(
  patternText,
  fc.record({ pattern: patternText, reason: printableText }, { requiredKeys: ["pattern"] }),
);

const requirement = fc.oneof(
  fc.record({ key, operator: fc.constantFrom("In" as const, "NotIn" as const), values: list(labelValue) }),
  fc.record({ key, operator: fc.constantFrom("Exists" as const, "DoesNotExist" as const) }),
);

/** Every valid policy document, small. */
export const rawPolicies: fc.Arbitrary<RawPolicy> = fc.record({
  apiVersion: fc.constant("registry-policy.dev/v1" as const),
  kind: fc.constant("RegistryPolicy" as const),
  metadata: fc.record(
    {
      name: fc.constantFrom("a", "no", "1", "a-b"),
      labels,
      annotations: fc.dictionary(key, printableText, { maxKeys: 3 }),
    },
    { requiredKeys: ["name"] },
  ),
  spec: fc.record(
    {
      title: printableText,
      description: printableText,
      category: printableText,
      severity: fc.constantFrom("low" as const, "medium" as const, "high" as const, "critical" as const),
      enforcement: fc.constantFrom("deny" as const, "warn" as const, "audit" as const),
      match: fc.record(
        {
          kinds: list(fc.constantFrom(...kindNames)),
          namespaces: list(namespaceGlob),
          excludeNamespaces: list(namespaceGlob),
          namespaceSelector: fc.record(
            { matchLabels: labels, matchExpressions: list(requirement) },
            { requiredKeys: [] },
          ),
        },
        { requiredKeys: [] },
      ),
      images: fc.record(
        {
          defaultRegistry: fc.constantFrom("docker.io", "A.b:0443", "mirror:5000", "localhost", "[::1]"),
          allow: list(entry),
          deny: list(entry),
          require: fc.record(
            { registry: fc.constant("explicit" as const), tag: fc.constant("explicit" as const), digest: fc.boolean() },
            { requiredKeys: [] },
          ),
          denyTags: list(fc.constantFrom("latest", "v*", "*-dev", "no", "1.10")),
        },
        { requiredKeys: [] },
      ),
      exempt: fc.record(
        {
          users: list(accountGlob),
          groups: list(accountGlob),
          breakGlass: fc.record({ annotation: key, value: accountGlob }, { requiredKeys: ["annotation"] }),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  ),
});

function suffix(tag: string | undefined, digest: string | undefined): string {
  return `${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}
