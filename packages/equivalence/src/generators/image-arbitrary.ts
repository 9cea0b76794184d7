import type { Pattern, Policy } from "@registry-policy/language";
import fc from "fast-check";
import { digests } from "./hostile-texts.js";

/** Where a text of an image can be changed so that it may no longer be what it looks like. */
const mutations: readonly ((text: string) => string)[] = [
  (text) => text.replace("/", "-evil/"),
  (text) => text.replace("/", ".evil.com/"),
  (text) => text.replace(".", "x"),
  (text) => `evil.com/${text}`,
  (text) => `${text}-evil`,
  (text) => `${text}/evil`,
  (text) => text.replace(/\/[^/]*$/, ""),
  (text) => text.slice(0, -1),
  (text) => text.slice(1),
  (text) => text.toUpperCase(),
  (text) => text.replace(/^[^/]*/, (registry) => registry.toUpperCase()),
  (text) => text.replace(/^docker\.io/, "index.docker.io"),
  (text) => text.replace(/^docker\.io/, "DOCKER.io:0443"),
  (text) => text.replace("library/", ""),
  (text) => text.replace("/", "/library/"),
  (text) => text.replace("/", ":443/"),
  (text) => text.replace("/", ":5000/"),
  (text) => text.replace(/:\d+\//, "/"),
  (text) => text.replace("/", "//"),
  (text) => text.replace(/^[^/]*\//, ""),
  (text) => text.replace("/", "./"),
  (text) => ` ${text}`,
  (text) => `${text} `,
  (text) => `${text}\n`,
  (text) => `${text}\u0000`,
  (text) => text.replace("a", "а"),
  (text) => `${text}@${digests[0]}`,
  (text) => text.replace(/@.*/, ""),
  (text) => text.replace(/@sha256:/, "@sha384:"),
  (text) => text.replace(/[0-9a-f]$/, "g"),
  (text) => `${text}:latest`,
  (text) => text.replace(/:[^:/]*$/, ""),
  (text) => `https://${text}`,
  (text) => `user@${text}`,
  (text) => text.replace("team", "../team"),
  (text) => text.replace("/", "/{{ request.object.metadata.name }}/"),
  (text) => `${text}"`,
  (text) => `${text}["nginx"]`,
];

const component = fc.constantFrom(
  "team",
  "app",
  "nginx",
  "library",
  "a",
  "team-evil",
  "a.b",
  "a__b",
  "a--b",
  "x1",
  "debug",
);
const tag = fc.constantFrom("latest", "v1", "v12", "1.27", "x-rc1", "dev", "A_b", "ab", "aXbYc", "t".repeat(128));
const digest = fc.constantFrom(...digests);
const hosts = fc.constantFrom(
  "docker.io",
  "index.docker.io",
  "ghcr.io",
  "GHCR.io:0443",
  "registry.my.com",
  "x.my.com",
  "y.x.my.com",
  "registry.my.com:5000",
  "registry.my.com:05000",
  "123.dkr.ecr.eu-1.amazonaws.com",
  "localhost",
  "corp:5000",
  "CORP",
  "10.0.0.7",
  "[2001:DB8::1]:443",
  "a.b",
  "my_registry.corp",
);

/** Images that know nothing of a policy: every part in every spelling. */
const anyImage = fc
  .tuple(
    fc.option(hosts, { nil: undefined }),
    fc.array(component, { minLength: 1, maxLength: 4 }),
    fc.option(tag, { nil: undefined }),
    fc.option(digest, { nil: undefined, freq: 1 }),
  )
  .map(join);

const oddImage = fc.constantFrom(
  "",
  " ",
  "/",
  ":",
  "@",
  "*",
  "**",
  "nginx",
  "quay.io",
  "redis:7",
  "localhost:5000",
  "0123456789abcdef".repeat(4),
  `sha256:${"0123456789abcdef".repeat(4)}`,
  `ghcr.io/${"a".repeat(504)}`,
  `ghcr.io/${"a".repeat(505)}`,
  `ghcr.io/team/${"a".repeat(600)}`,
  `docker.io/${"a/".repeat(251)}a`,
  "a___b",
  "a..b/x",
  "x:-t",
  `x:${"t".repeat(129)}`,
  "x@sha256:abc",
  `x@md5:${"a".repeat(32)}`,
  "nginx:latest:latest",
  "nginx@",
  "nginx:",
  "[::1",
  "[::1]/app",
  "::1/app",
  "1.2.3/app",
  "x:99999/app",
  "x:/app",
  "x:y/app",
  "-bad.corp/x",
  "bad-.corp/x",
  ".corp/x",
  "corp./x",
  "5m",
  "1000",
  "request.object.spec/app",
  "{{request.object.metadata.name}}",
  "$(image)",
  '["nginx"]',
  "n\u0131nx",
  "\u{1f600}",
);

/** What an image of a pod spec can be that is a text; half of them near a pattern of the policy, if it has any. */
export function imageArbitrary(policy: Policy): fc.Arbitrary<string> {
  const entries = [...(policy.images.allow ?? []), ...policy.images.deny];
  const patterns = entries.flatMap((entry) => entry.patterns);
  const near = patterns.length === 0 ? anyImage : fc.constantFrom(...patterns).chain(imageNear);
  return fc.oneof(
    { weight: 8, arbitrary: near },
    { weight: 4, arbitrary: fc.tuple(near, fc.constantFrom(...mutations)).map(([image, mutate]) => mutate(image)) },
    { weight: 3, arbitrary: anyImage },
    { weight: 1, arbitrary: fc.tuple(anyImage, fc.constantFrom(...mutations)).map(([image, mutate]) => mutate(image)) },
    { weight: 1, arbitrary: oddImage },
  );
}

type Parts = [string | undefined, readonly string[], string | undefined, string | undefined];

function join([registry, path, tag, digest]: Parts): string {
  const start = registry === undefined ? "" : `${registry}/`;
  return `${start}${path.join("/")}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

/** An image that a pattern matches, or nearly: a sign stands for as little as it may, for more, or for too little. */
function imageNear(pattern: Pattern): fc.Arbitrary<string> {
  return fc
    .tuple(
      registryNear(pattern),
      componentsNear(pattern.repository),
      pattern.tag === undefined ? fc.option(tag, { nil: undefined }) : fill(pattern.tag, "v1a"),
      pattern.digest === undefined ? fc.option(digest, { nil: undefined, freq: 1 }) : digestNear(pattern.digest),
    )
    .map(([registry, path, ...rest]) => join([registry, path.length === 0 ? ["x"] : path, ...rest]));
}

function registryNear({ registry }: Pattern): fc.Arbitrary<string> {
  if (registry.kind === "any") return hosts;
  const { labels, port } = registry;
  const ports =
    port === "any"
      ? ["", ":443", ":5000", ":1"]
      : port === "default"
        ? ["", "", ":443", ":5000"]
        : [`:${port}`, `:0${port}`, ""];
  const host = fc
    .tuple(...labels.map((label) => labelNear(label)))
    .map((filled) => filled.filter((text) => text !== "").join("."));
  return fc.tuple(host, fc.constantFrom(...ports)).map((parts) => parts.join(""));
}

function labelNear(label: string): fc.Arbitrary<string> {
  if (label === "**") return fc.constantFrom("x", "y.x", "z.y.x", "");
  return label.includes("*") ? fill(label, "x1") : fc.constant(label);
}

function componentsNear(components: readonly string[]): fc.Arbitrary<string[]> {
  const parts = components.map((text) =>
    text === "**"
      ? fc.array(component, { maxLength: 2 })
      : text.includes("*")
        ? fill(text, "x").map((filled) => [filled])
        : fc.constant([text]),
  );
  return fc.tuple(...parts).map((filled) => filled.flat());
}

function digestNear(glob: string): fc.Arbitrary<string> {
  return glob.includes("*") ? fc.oneof(digest, fill(glob, "0123456789abcdef".repeat(4))) : fc.constant(glob);
}

/** Puts nothing, the filler or more of it in the place of each `*`. */
function fill(glob: string, filler: string): fc.Arbitrary<string> {
  const [first = "", ...rest] = glob.split("*");
  return fc
    .tuple(...rest.map(() => fc.constantFrom("", filler, `${filler}-${filler}`)))
    .map((fillers) => first + rest.map((text, index) => `${fillers[index] ?? ""}${text}`).join(""));
}
