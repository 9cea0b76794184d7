import { type Pattern, type Policy, parsePatterns, parsePolicies } from "@registry-policy/language";
import fc from "fast-check";

/** A policy of the given images; throws if it has an error. */
export function policyOf(images: object): Policy {
  const text = JSON.stringify({
    apiVersion: "registry-policy.dev/v1",
    kind: "RegistryPolicy",
    metadata: { name: "p" },
    spec: { images },
  });
  const { policies, diagnostics } = parsePolicies({ text, file: "policy.yaml" });
  const [policy] = policies;
  if (policy === undefined) throw new Error(diagnostics.map(({ code, message }) => `${code}: ${message}`).join("\n"));
  return policy;
}

/** The patterns of one item; throws if it has an error. */
export function patternsOf(text: string, list: "allow" | "deny" = "allow"): readonly Pattern[] {
  const parsed = parsePatterns(text, list);
  if ("problem" in parsed) throw new Error(parsed.problem.message);
  return parsed.patterns;
}

const hosts = ["a.io", "b.a.io", "x-1.b.a.io", "localhost", "corp", "10.0.0.7", "[::1]"];
const written = [
  ...hosts,
  "A.io",
  "Corp",
  "docker.io",
  "index.docker.io",
  "Docker.IO",
  "registry-1.docker.io",
  "[::A]",
  "LOCALHOST",
];
const ports = ["", "", "", ":443", ":0443", ":5000", ":05000", ":0", ":00", ":"];
const components = ["a", "b", "ab", "a-b", "a--b", "a__b", "library", "nginx", "a.b", "1"];
const tags = ["latest", "v1", "v1.2", "V_3-rc", "x".repeat(128)];
const digests = [`sha256:${"0".repeat(64)}`, `sha512:${"f".repeat(128)}`, `sha384:${"a1".repeat(48)}`];

/** Texts most of which are references, in every spelling, and texts that just are none. */
export const imageText: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc
      .tuple(
        fc.option(fc.tuple(fc.constantFrom(...written), fc.constantFrom(...ports)), { nil: undefined, freq: 3 }),
        fc.array(fc.constantFrom(...components), { minLength: 1, maxLength: 3 }),
        fc.option(fc.constantFrom(...tags), { nil: undefined }),
        fc.option(fc.constantFrom(...digests), { nil: undefined, freq: 1 }),
      )
      .map(([registry, path, tag, digest]) =>
        [
          registry === undefined ? "" : `${registry[0]}${registry[1]}/`,
          path.join("/"),
          tag === undefined ? "" : `:${tag}`,
          digest === undefined ? "" : `@${digest}`,
        ].join(""),
      ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "a".repeat(64),
      "0".repeat(65),
      `a/${"x".repeat(511)}`,
      `a/${"x".repeat(510)}`,
      `a:${"x".repeat(129)}`,
      `a@sha256:${"0".repeat(63)}`,
      "doc\u212aer.io/a",
      "a.io/\u017f",
      "a\n",
      "é/a",
    ),
  },
  { weight: 2, arbitrary: fc.string({ unit: fc.constantFrom(..."aA0-_./:@ é\n*[]"), maxLength: 12 }) },
);

/** An image with one character changed, added or left out: just inside or outside of whatever it was in. */
export const nearlyImageText: fc.Arbitrary<string> = fc
  .tuple(imageText, fc.nat(), fc.constantFrom("", "a", "A", "/", ".", ":", "-", "_", "@", "0", "é"), fc.boolean())
  .map(([image, place, character, isAdded]) => {
    const at = place % (image.length + 1);
    return image.slice(0, at) + character + image.slice(isAdded ? at : at + 1);
  });

/** Valid patterns over the same words. */
export const patternText: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(
      fc
        .tuple(
          fc.constantFrom(
            "a.io",
            "10.0.0.7",
            "localhost",
            "docker.io",
            "docker.io",
            "*.io",
            "docker.*",
            "**.a.io",
            "*.*",
          ),
          fc.constantFrom("", "", "", ":443", ":5000", ":0", ":*"),
        )
        .map((parts) => parts.join("")),
      fc.constantFrom("**", "**", "**", "corp:443", "corp:*", "[::1]:5000", "[::a]", "**.docker.io", "*dex.docker.io"),
    ),
    fc.oneof(
      fc.constant(["**"]),
      fc.array(fc.constantFrom("a", "ab", "*", "*", "**", "**", "a*", "*b", "a*b", "library", "nginx", "*a*b*"), {
        minLength: 1,
        maxLength: 3,
      }),
    ),
    fc.option(fc.constantFrom("latest", "v1", "v*", "*", "*.*", "*t"), { nil: undefined }),
    fc.option(fc.constantFrom("*", "sha256:*", "sha256:0*0", "*f"), { nil: undefined, freq: 1 }),
  )
  .map(([registry, path, tag, digest]) =>
    [registry, "/", path.join("/"), tag === undefined ? "" : `:${tag}`, digest === undefined ? "" : `@${digest}`].join(
      "",
    ),
  );

/** The images of a policy, as they are written. */
export const policyImages: fc.Arbitrary<object> = fc.record(
  {
    defaultRegistry: fc.constantFrom("docker.io", "a.io", "corp:5000", "[::1]", "INDEX.docker.io:0443"),
    allow: fc.array(patternText, { minLength: 1, maxLength: 4 }),
    deny: fc.array(patternText, { minLength: 1, maxLength: 2 }),
    require: fc.record(
      { registry: fc.constant("explicit"), tag: fc.constant("explicit"), digest: fc.boolean() },
      { requiredKeys: [] },
    ),
    denyTags: fc.array(fc.constantFrom("latest", "v*", "*-rc", "*.*"), { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: [] },
);
