import test from "ava";
import fc from "fast-check";
import { matchesPattern } from "./match-pattern.js";
import { parsePatterns } from "./parse-pattern.js";
import type { PatternList } from "./pattern.js";
import { parseReference } from "./reference.js";

/** Whether any alternative of a pattern matches; throws if the pattern or the reference cannot be read. */
function matches(text: string, image: string, list: PatternList): boolean {
  const parsed = parsePatterns(text, list);
  const reference = parseReference(image, "docker.io");
  if ("problem" in parsed) throw new Error(parsed.problem.message);
  if ("invalid" in reference) throw new Error(`${image}: ${reference.invalid}`);
  return parsed.patterns.some((pattern) => matchesPattern(pattern, reference));
}

const digest = `@sha256:${"0".repeat(64)}`;
const deep = "a/".repeat(200);

/** Each pattern, the images that it matches, and those that it does not; in both lists. */
const table: [pattern: string, matched: string[], unmatched: string[]][] = [
  [
    "registry.my.com",
    [
      "registry.my.com/x",
      "registry.my.com/a/b:v1",
      "REGISTRY.my.com/x",
      "registry.my.com:0443/x",
      `registry.my.com/x${digest}`,
    ],
    ["registry.my.com.evil.com/x", "evil.com/registry.my.com/x", "registryxmy.com/x", "my.com/x", "registry.my.com"],
  ],
  [
    "registry.my.com/team/**",
    ["registry.my.com/team/x", "registry.my.com/team/x/y:v1"],
    [
      "registry.my.com/team",
      "registry.my.com/team-evil/x",
      "registry.my.com.evil.com/team/x",
      "evil.com/registry.my.com/team/x",
    ],
  ],
  [
    "docker.io/nginx",
    ["nginx", "docker.io/nginx:1", "library/nginx", "index.docker.io/nginx"],
    ["acme/nginx", "nginx-evil", "quay.io/nginx"],
  ],
  ["docker.io/*", ["nginx", "redis:7"], ["acme/nginx", "library/a/b"]],
  ["docker.io/**", ["nginx", "acme/nginx", "a/b/c"], ["quay.io/nginx"]],
  ["index.docker.io", ["nginx", "acme/app"], ["registry-1.docker.io/nginx"]],
  ["docker.io/library/{nginx,redis}", ["nginx", "redis"], ["postgres"]],
  [
    "{ghcr.io/a,quay.io/b/c}/x{,-debug}",
    ["ghcr.io/a/x", "quay.io/b/c/x-debug"],
    ["ghcr.io/b/c/x", "quay.io/b/c/x-"].slice(0, 1),
  ],
  [
    "*.example.com",
    ["a.example.com/x", "1.example.com/x"],
    ["example.com/x", "a.b.example.com/x", "a.example.com.evil.com/x"],
  ],
  ["a*.example.com", ["ab.example.com/x", "a-b.example.com/x"], ["a.example.com/x", "ba.example.com/x"]],
  ["a*b*c.io", ["axbxc.io/x", "abbbc.io/x"], ["abc.io/x", "axbc.io/x"]],
  [
    "*.dkr.ecr.*.amazonaws.com",
    ["1.dkr.ecr.eu-west-1.amazonaws.com/x"],
    ["1.dkr.ecr.amazonaws.com/x", "1.dkr.ecr.a.b.amazonaws.com/x"],
  ],
  ["**.example.com", ["a.example.com/x", "a.b.c.example.com/x"], ["example.com/x", "aexample.com/x"]],
  ["**.*.example.com", ["a.b.example.com/x", "a.b.c.example.com/x"], ["a.example.com/x"]],
  ["**.7", ["10.0.0.7/x"], ["10.0.0.8/x", "[::7]:5/x"]],
  ["*:5000/**", ["corp:5000/x", "localhost:5000/x"], ["a.b:5000/x", "[::1]:5000/x", "corp:5001/x"]],
  ["**", ["nginx", "corp:5000/x", "[::1]:7/a/b", "a.b.c/x:v1"], []],
  [
    "**:latest",
    ["nginx", "ghcr.io/x:latest", `ghcr.io/x:latest${digest}`],
    ["nginx:1", `nginx${digest}`, "ghcr.io:1/x:late"],
  ],
  ["**@sha256:*", [`nginx${digest}`, `a.b/x:v1${digest}`], ["nginx", `x@sha512:${"0".repeat(128)}`]],
  [
    "**/**/debug",
    ["ghcr.io/debug", "a.b/c/d/debug:v1", "corp:7/x/debug"],
    ["debug", "a.b/debug/x", "a.b/xdebug"].slice(1),
  ],
  ["**/library/*", ["nginx", "quay.io/library/x"], ["quay.io/x", "quay.io/library/x/y"]],
  [
    "x.io/a/**/b",
    ["x.io/a/b", "x.io/a/c/b", "x.io/a/c/d/b", "x.io/a/b/b"],
    ["x.io/a", "x.io/b", "x.io/a/bb", "x.io/a/b/c"],
  ],
  ["x.io/**/a/**", ["x.io/a/b", "x.io/c/a/b/d"], ["x.io/a", "x.io/b/a"]],
  ["x.io/**/**", ["x.io/a", "x.io/a/b"], ["y.io/a"]],
  ["x.io/*/**/*-x", ["x.io/a/b-x", "x.io/a/c/b-x"], ["x.io/a-x", "x.io/a/b-y"]],
  ["x.io/a*", ["x.io/a", "x.io/abc", "x.io/a.b"], ["x.io/a/b", "x.io/b"]],
  ["x.io/*a*", ["x.io/a", "x.io/bac"], ["x.io/b", "x.io/b/a"]],
  ["x.io/a.*", ["x.io/a.b"], ["x.io/a", "x.io/axb"]],
  ["x.io/a:v1", ["x.io/a:v1", `x.io/a:v1${digest}`], ["x.io/a", "x.io/a:v10", "x.io/a:V1", `x.io/a${digest}`]],
  ["x.io/a:v*", ["x.io/a:v", "x.io/a:v1.2"], ["x.io/a:1v", "x.io/a"]],
  ["x.io/a:*", ["x.io/a", "x.io/a:b", `x.io/a:b${digest}`], [`x.io/a${digest}`]],
  ["x.io/a@*", [`x.io/a${digest}`, `x.io/a:v1${digest}`], ["x.io/a", "x.io/a:v1"]],
  ["x.io/a:v1@sha256:0*", [`x.io/a:v1${digest}`], [`x.io/a${digest}`, "x.io/a:v1"]],
  ["x.io@sha256:*", [`x.io/a/b${digest}`], ["x.io/a"]],
  ["localhost", ["localhost/x", "LOCALHOST:443/x"], ["docker.io/localhost", "localhost.evil/x"]],
  ["[2001:DB8::1]", ["[2001:db8::1]/x", "[2001:DB8::1]:443/x"], ["[2001:db8::2]/x"]],
  ["Corp/x", ["corp:443/x", "CORP/x"], ["corp/x"]],
  [`x.io/${"**/a/".repeat(40)}b`, [`x.io/${deep}b`], [`x.io/${deep}c`, "x.io/b"]],
  [`x.io/${"*a".repeat(30)}b`, [`x.io/${"a".repeat(300)}b`], [`x.io/${"a".repeat(300)}`]],
];

for (const [pattern, matched, unmatched] of table) {
  for (const list of ["allow", "deny"] as const) {
    test(`in ${list}, \`${pattern.slice(0, 60)}\` matches what it says and nothing else`, (t) => {
      for (const image of matched) t.true(matches(pattern, image, list), image);
      for (const image of unmatched) t.false(matches(pattern, image, list), image);
    });
  }
}

/** What a port, written or not, means in each list. */
const ports: [pattern: string, image: string, inAllow: boolean, inDeny: boolean][] = [
  ["x.io/a", "x.io/a", true, true],
  ["x.io/a", "x.io:443/a", true, true],
  ["x.io/a", "x.io:5000/a", false, true],
  ["x.io:443/a", "x.io/a", true, true],
  ["x.io:443/a", "x.io:5000/a", false, false],
  ["x.io:5000/a", "x.io:05000/a", true, true],
  ["x.io:5000/a", "x.io/a", false, false],
  ["x.io:*/a", "x.io/a", true, true],
  ["x.io:*/a", "x.io:5000/a", true, true],
  ["*.io:05000/a", "x.io:5000/a", true, true],
  ["*.io:0443/a", "x.io/a", true, true],
  ["*.io:0443/a", "x.io:444/a", false, false],
  ["*.io/a", "x.io:5000/a", false, true],
  ["[::1]:*/a", "[::1]:5000/a", true, true],
  ["[::1]/a", "[::1]:5000/a", false, true],
  ["docker.io/nginx", "docker.io:5000/library/nginx", false, true],
  ["docker.io:*/nginx", "nginx", false, false],
  ["docker.io:*/nginx", "docker.io:5000/nginx", true, true],
  ["**/x", "corp:7/x", true, true],
];

for (const [pattern, image, inAllow, inDeny] of ports) {
  test(`\`${pattern}\` ${inAllow ? "allows" : "does not allow"} and ${inDeny ? "denies" : "does not deny"} \`${image}\``, (t) => {
    t.is(matches(pattern, image, "allow"), inAllow);
    t.is(matches(pattern, image, "deny"), inDeny);
  });
}

/** The regular expression that a reader would write for the registry and the repository of a pattern. */
function oracle(text: string): RegExp {
  const [host = "", ...components] = text.split("/");
  const quoted = (glob: string, sign: string) => glob.replace(/[.[\]]/g, "\\$&").replaceAll("*", sign);
  const labels = host.startsWith("**.")
    ? `([a-z0-9-]+[.])+${quoted(host.slice(3), "[a-z0-9-]+")}`
    : quoted(host, "[a-z0-9-]+");
  const repository = components.map((component, index) => {
    const isLast = index === components.length - 1;
    if (component === "**") return isLast ? "[^/]+(/[^/]+)*" : "([^/]+/)*";
    return `${quoted(component, "[^/]*")}${isLast ? "" : "/"}`;
  });
  return new RegExp(`^${labels}/${repository.join("")}$`);
}

test("registries and repositories match as the regular expression of the same meaning does", (t) => {
  const label = fc.constantFrom("a", "b", "ab", "a-b");
  const host = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join("."));
  const hostPattern = fc
    .tuple(
      fc.constantFrom("", "**."),
      fc.array(fc.oneof(label, fc.constantFrom("*", "a*", "*b")), { minLength: 2, maxLength: 3 }),
    )
    .map(([start, labels]) => `${start}${labels.join(".")}`);
  const component = fc.constantFrom("a", "b", "ab");
  const repository = fc.array(component, { minLength: 1, maxLength: 6 }).map((components) => components.join("/"));
  const repositoryPattern = fc
    .array(fc.oneof(component, fc.constantFrom("**", "**", "*", "a*", "*b")), { minLength: 1, maxLength: 6 })
    .map((components) => components.join("/"));
  fc.assert(
    fc.property(hostPattern, repositoryPattern, fc.array(fc.tuple(host, repository)), (hosts, repositories, images) => {
      const text = `${hosts}/${repositories}`;
      for (const [name, path] of images) {
        const expected = oracle(text).test(`${name}/${path}`);
        t.is(matches(text, `${name}/${path}`, "allow"), expected, `${text} ${name}/${path}`);
        t.is(matches(`**/${repositories}`, `${name}/${path}`, "deny"), oracle(`x/${repositories}`).test(`x/${path}`));
      }
    }),
    { numRuns: 5000 },
  );
});
