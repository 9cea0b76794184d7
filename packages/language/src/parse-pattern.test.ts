import test from "ava";
import type { DiagnosticCode } from "./diagnostic-codes.js";
import { expandBraces } from "./expand-braces.js";
import { parsePattern, parsePatterns } from "./parse-pattern.js";

const normalised: [text: string, inAllow: string, inDeny?: string][] = [
  ["registry.my.com", "registry.my.com/**"],
  ["Registry.My.COM", "registry.my.com/**"],
  ["docker.io", "docker.io/**"],
  ["docker.io/nginx", "docker.io/library/nginx"],
  ["docker.io/*", "docker.io/library/*"],
  ["docker.io/**", "docker.io/**"],
  ["index.docker.io/nginx:1", "docker.io/library/nginx:1"],
  ["docker.io:443/nginx", "docker.io/library/nginx", "docker.io:443/library/nginx"],
  ["docker.io:*/nginx", "docker.io:*/nginx"],
  ["index.docker.io:*/nginx", "index.docker.io:*/nginx"],
  ["ghcr.io:0443/x", "ghcr.io/x", "ghcr.io:443/x"],
  ["ghcr.io:*/x", "ghcr.io:*/x", "ghcr.io/x"],
  ["*.x.io:0080", "*.x.io:80/**"],
  ["localhost", "localhost/**"],
  ["localhost:5000", "localhost:5000/**"],
  ["redis:7/**", "redis:7/**"],
  ["CORP/x", "corp:443/x", "corp:*/x"],
  ["[AB]", "[ab]:443/**", "[ab]:*/**"],
  ["[::1]:5000", "[::1]:5000/**"],
  ["[::A]:*/x", "[::a]:*/x", "[::a]/x"],
  ["**", "**/**"],
  ["**:443", "**/**:443"],
  ["**/x", "**/x"],
  ["x.io@sha256:*", "x.io/**@sha256:*"],
];

for (const [text, inAllow, inDeny = inAllow] of normalised) {
  test(`\`${text}\` is normalised, and is itself once normalised`, (t) => {
    for (const [list, expected] of [
      ["allow", inAllow],
      ["deny", inDeny],
    ] as const) {
      const pattern = parsePattern(text, list);
      if ("problem" in pattern) return t.fail(pattern.problem.message);
      t.is(pattern.text, expected);
      t.deepEqual(parsePattern(pattern.text, list), pattern);
    }
  });
}

const problems: [text: string, code: DiagnosticCode, help: string][] = [
  ["nginx", "pattern-without-registry", "write `docker.io/library/nginx`"],
  ["redis:7", "pattern-without-registry", "write `docker.io/library/redis:7`"],
  ["nginx:1.27", "pattern-without-registry", "write `docker.io/library/nginx:1.27`"],
  ["acme/app", "pattern-without-registry", "write `docker.io/acme/app`"],
  ["*", "pattern-without-registry", "write `**` for any registry"],
  ["*/app", "pattern-without-registry", "write `**/app` for any registry"],
  ["***/app", "pattern-without-registry", "write `**/app` for any registry"],
  ["/app", "pattern-without-registry", "write the registry in front of the `/`, as in `docker.io/app`"],
  ["[ab]/x", "pattern-without-registry", "write `docker.io/[ab]/x`"],
  ["ghcr.io:v1", "invalid-pattern", "write `ghcr.io/**:v1` if `v1` is a tag"],
  ["ghcr.io:", "invalid-pattern", "a port is a number, or `*` for any port or none"],
  ["ghcr.io:5*/x", "invalid-pattern", "a port is a number, or `*` for any port or none"],
  ["*.ghcr.io:v1", "invalid-pattern", "write `*.ghcr.io/**:v1` if `v1` is a tag"],
  ["a:1:2/x", "invalid-pattern", "a port is a number, or `*` for any port or none"],
  [
    "my_registry.corp/x",
    "invalid-pattern",
    "a registry is a host name or an address, with `:` and a port where it is not 443",
  ],
  ["[*::1]/x", "invalid-pattern", "write the address in full: no wildcard stands for a part of it"],
  ["https://ghcr.io/x", "invalid-pattern", "write `ghcr.io/x`"],
  ["//ghcr.io/x", "invalid-pattern", "write `ghcr.io/x`"],
  ["ghcr.io/x ", "invalid-pattern", "write letters, digits and punctuation of ASCII only"],
  ["ghcr.io/ü", "invalid-pattern", "write letters, digits and punctuation of ASCII only"],
  ["ghcr.io/x\n", "invalid-pattern", "write letters, digits and punctuation of ASCII only"],
  ["ghcr.io/", "invalid-pattern", "write `ghcr.io/**` for every repository below"],
  ["ghcr.io//x", "invalid-pattern", "write one `/` between two components"],
  [
    "ghcr.io/Foo",
    "invalid-pattern",
    "a component is lower-case letters and digits, separated by `.`, `_`, `__` or any number of `-`",
  ],
  [
    "ghcr.io/x,y",
    "invalid-pattern",
    "a component is lower-case letters and digits, separated by `.`, `_`, `__` or any number of `-`",
  ],
  [
    "ghcr.io/x:",
    "invalid-pattern",
    "a tag is at most 128 letters, digits, `_`, `.` and `-`, the first no `.` or `-`; `*` stands for any number of characters, as in `v1.*`",
  ],
  ["ghcr.io/a**", "misplaced-double-star", "write `**` as a component of its own, or `*` for a part of one component"],
  ["ghcr.io/***", "misplaced-double-star", "write `**` as a component of its own, or `*` for a part of one component"],
  [
    "a**.io/x",
    "misplaced-double-star",
    "write `**.example.com` for one or more labels in front, `*` for a part of one label, `**` alone for any registry",
  ],
  [
    "a.**.io/x",
    "misplaced-double-star",
    "write `**.example.com` for one or more labels in front, `*` for a part of one label, `**` alone for any registry",
  ],
  [
    "**:5000/x",
    "misplaced-double-star",
    "write `**` alone, which is any registry at any port, or `*:5000` for a host of one label",
  ],
  ["ghcr.io/x:v**", "misplaced-double-star", "write one `*`, which stands for any number of characters"],
  ["ghcr.io/x@**", "misplaced-double-star", "write one `*`, which stands for any number of characters"],
  [
    "ghcr.io/-*",
    "pattern-matches-nothing",
    "a component is lower-case letters and digits, separated by `.`, `_`, `__` or any number of `-`",
  ],
  [
    "ghcr.io/a___*",
    "pattern-matches-nothing",
    "a component is lower-case letters and digits, separated by `.`, `_`, `__` or any number of `-`",
  ],
  ["*.Example.com", "pattern-matches-nothing", "write it in lower case: registries are compared in lower case"],
  ["-*.example.com", "pattern-matches-nothing", "a label is letters, digits and `-`, the first and the last no `-`"],
  ["*..com", "pattern-matches-nothing", "a label is letters, digits and `-`, the first and the last no `-`"],
  ["**.", "pattern-matches-nothing", "a label is letters, digits and `-`, the first and the last no `-`"],
  [
    `ghcr.io/x:*${"a".repeat(129)}`,
    "pattern-matches-nothing",
    "a tag is at most 128 letters, digits, `_`, `.` and `-`, the first no `.` or `-`; `*` stands for any number of characters, as in `v1.*`",
  ],
  [
    "ghcr.io/x@sha1:*",
    "pattern-matches-nothing",
    "a digest is `sha256:` with 64 lower-case hexadecimal digits, `sha384:` with 96 or `sha512:` with 128; `*` stands for any number of characters, as in `sha256:*`",
  ],
  [
    "ghcr.io/x@sha256:A*",
    "pattern-matches-nothing",
    "a digest is `sha256:` with 64 lower-case hexadecimal digits, `sha384:` with 96 or `sha512:` with 128; `*` stands for any number of characters, as in `sha256:*`",
  ],
  [`ghcr.io/${"a".repeat(505)}`, "pattern-too-long", "shorten it; `*` and `**` stand for any text"],
  [
    "ghcr.io/{a}",
    "invalid-braces",
    "write two or more alternatives between braces, as in `docker.io/library/{nginx,redis}`; braces cannot be nested",
  ],
  [
    "ghcr.io/{}",
    "invalid-braces",
    "write two or more alternatives between braces, as in `docker.io/library/{nginx,redis}`; braces cannot be nested",
  ],
  [
    "ghcr.io/{a,{b,c}}",
    "invalid-braces",
    "write two or more alternatives between braces, as in `docker.io/library/{nginx,redis}`; braces cannot be nested",
  ],
  [
    "ghcr.io/{a,b",
    "invalid-braces",
    "write two or more alternatives between braces, as in `docker.io/library/{nginx,redis}`; braces cannot be nested",
  ],
  [
    "ghcr.io/a,b}",
    "invalid-braces",
    "write two or more alternatives between braces, as in `docker.io/library/{nginx,redis}`; braces cannot be nested",
  ],
  [`ghcr.io/${"{a,b}".repeat(10)}`, "too-many-alternatives", "split it into several patterns, or use `*`"],
  [`ghcr.io/${"{a,b}".repeat(5000)}`, "too-many-alternatives", "split it into several patterns, or use `*`"],
];

for (const [text, code, help] of problems) {
  test(`${JSON.stringify(text).slice(0, 60)} is \`${code}\`, and the help says what to do`, (t) => {
    for (const list of ["allow", "deny"] as const) {
      const parsed = parsePatterns(text, list);
      if (!("problem" in parsed)) return t.fail("it was parsed");
      t.is(parsed.problem.code, code);
      t.is(parsed.problem.help, help);
    }
  });
}

test("digests with wildcards are accepted if some digest can match", (t) => {
  for (const glob of ["*", "sha256:*", "sha*", "*0", "s*5*6:*f", `sha256:${"0".repeat(64)}`, `*${"0".repeat(128)}`]) {
    t.false("problem" in parsePattern(`x.io/a@${glob}`, "allow"), glob);
  }
  for (const glob of [
    "sha512:",
    `sha256:${"0".repeat(65)}*`,
    `*${"0".repeat(129)}`,
    "*:*:*",
    "x*",
    `sha256:${"0".repeat(63)}`,
  ]) {
    t.true("problem" in parsePattern(`x.io/a@${glob}`, "allow"), glob);
  }
});

test("braces are written out in the order in which they are written", (t) => {
  t.deepEqual(expandBraces("{a,b}/{c,d,}x"), { texts: ["a/cx", "a/dx", "a/x", "b/cx", "b/dx", "b/x"] });
  t.deepEqual(expandBraces("a"), { texts: ["a"] });
});

test("a pattern may stand for 1,000 patterns and no more", (t) => {
  const ten = `{${[..."abcdefghij"].join(",")}}`;
  const parsed = parsePatterns(`x.io/${ten}${ten}${ten}`, "allow");
  t.is("patterns" in parsed && parsed.patterns.length, 1000);
  t.true("problem" in parsePatterns(`x.io/${ten}${ten}${ten}{a,b}`, "allow"));
});
