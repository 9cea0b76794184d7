import fc from "fast-check";
import { digests } from "./hostile-texts.js";

const hosts = [
  "docker.io",
  "index.docker.io",
  "ghcr.io",
  "registry.my.com",
  "Registry.My.com",
  "localhost",
  "10.0.0.7",
  "[2001:db8::1]",
  "a.b",
] as const;

const host = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...hosts) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "*.my.com",
      "**.my.com",
      "reg*.my.com",
      "*try.my.com",
      "r*g*.my.com",
      "*.*.com",
      "**.*y.com",
      "*.dkr.ecr.*.amazonaws.com",
      "registry.*",
    ),
  },
);
const port = fc.constantFrom("", "", "", "", ":443", ":5000", ":05000", ":*");
const registry = fc.oneof(
  { weight: 9, arbitrary: fc.tuple(host, port).map((parts) => parts.join("")) },
  { weight: 1, arbitrary: fc.constant("**") },
  { weight: 1, arbitrary: fc.constantFrom("corp:5000", "corp:443", "corp:*") },
);

const component = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom("team", "app", "nginx", "library", "a", "team-evil", "a.b", "a__b", "a--b"),
  },
  { weight: 3, arbitrary: fc.constantFrom("*", "**", "team*", "*app", "t*m", "*a*", "a*b*c") },
);
const repository = fc.oneof(
  { weight: 5, arbitrary: fc.array(component, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/")) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("{team,app}/**", "library/{nginx,redis}", "{a/b,team}", "{team,*}/{app,x*}"),
  },
);
const tag = fc.constantFrom("", "", "", "", ":latest", ":v*", ":*", ":1.27", ":*-rc*", ":v1*2", ":{v1,v2}", ":*a*b*");
const digest = fc.constantFrom(
  "",
  "",
  "",
  "",
  "@*",
  "@sha256:*",
  `@${digests[0]}`,
  `@${digests[2]}`,
  "@sha256:0123*",
  "@*cdef",
  "@sha*",
);

/** Texts of patterns over the whole of the language, few of them invalid. */
export const patternText = fc.oneof(
  { weight: 1, arbitrary: registry },
  {
    weight: 6,
    arbitrary: fc
      .tuple(registry, repository, tag, digest)
      .map(([start, path, ...end]) => `${start}/${path}${end.join("")}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("**:latest", "**/**/debug", "**@sha256:*", "docker.io/*", "docker.io/**", "**:v*"),
  },
);
