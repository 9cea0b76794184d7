import { matchesPattern, type Pattern, parsePattern, parseReference } from "@registry-policy/language";
import test from "ava";
import fc from "fast-check";
import { listExpression, tagsExpression } from "./pattern-expression.js";
import {
  reference as grammar,
  imageId,
  maximumLength,
  onDockerHub,
  referenceInFewInstructions,
  untagged,
  withRegistry,
} from "./reference-grammar.js";

/**
 * As RE2 matches. JavaScript in Node 20 has no flags for a group, and `(?i:…)` stands for registries alone: so the
 * registry is compared in lower case here. That engines read it as they should is tested on the engines.
 */
function matches(expression: string, image: string): boolean {
  const slash = expression.includes("(?i:") ? image.indexOf("/") : -1;
  const subject = image.slice(0, Math.max(slash, 0)).toLowerCase() + image.slice(Math.max(slash, 0));
  const spelled = expression.replaceAll("(?i:", "(?:").replaceAll("[[]", "\\[").replaceAll("[]]", "\\]");
  return new RegExp(spelled, "s").test(subject);
}

function patternOf(text: string, list: "allow" | "deny" = "allow"): Pattern {
  const parsed = parsePattern(text, list);
  if ("problem" in parsed) throw new Error(parsed.problem.message);
  return parsed;
}

test("what a list shares is written once, in an order of its own", (t) => {
  const texts = ["ghcr.io/acme/web", "ghcr.io/acme/app", "quay.io/x:v*", "ghcr.io/acme/web"];
  const expected =
    "^(?:(?i:ghcr[.]io)(?::0*443)?/(?:acme/app|acme/web)(?:[:@].*)?|(?i:quay[.]io)(?::0*443)?/x:v[^@]*(?:@.*)?)$";
  t.is(listExpression(texts.map((text) => patternOf(text))), expected);
  t.is(listExpression(texts.reverse().map((text) => patternOf(text))), expected);
});

test("hosts that have all else in common share what they begin and end with", (t) => {
  const list = (...texts: string[]) => listExpression(texts.map((text) => patternOf(text)));
  t.is(
    list("registry-2.my.com/x", "registry-10.my.com/x", "a.io/y", "*.io/x"),
    "^(?:(?i:[a-z0-9-]+[.]io)(?::0*443)?/x|(?i:a[.]io)(?::0*443)?/y|(?i:registry-(?:10|2)[.]my[.]com)(?::0*443)?/x)(?:[:@].*)?$",
  );
  t.is(list("a.b", "b.a.b:443"), "^(?i:(?:a|b[.]a)[.]b)(?::0*443)?/[^:@]+(?:[:@].*)?$");
  t.is(list("my-a.io:5000", "my-a.b.io:5000"), "^(?i:my-a[.](?:b[.]io|io)):0*5000/[^:@]+(?:[:@].*)?$");
});

test("a deny list reads an absent port as any", (t) => {
  t.is(listExpression([patternOf("ghcr.io/x", "deny")]), "^(?i:ghcr[.]io)(?::[0-9]+)?/x(?:[:@].*)?$");
});

test("the grammar, its two exceptions and the parser agree", (t) => {
  const text = fc.stringMatching(
    /^((localhost|[a-zA-Z]{1,3}([.-]{1,2}[a-z]{1,2})?|\[[a-f0-9:]{1,5}\])(:[0-9]{0,4})?\/)?[a-zA-Z0-9]{1,2}([._/-]{1,3}[a-z0-9]{1,2}){0,2}(:[A-Za-z0-9_.-]{0,3})?(@sha256:[a-f0-9]{63,65})?$/,
  );
  const anyText = fc.oneof(text, fc.string({ unit: fc.constantFrom(..."aA0./:@_-[]"), maxLength: 12 }));
  fc.assert(
    fc.property(anyText, (image) => {
      const isValid = image.length <= maximumLength && matches(grammar, image) && !matches(imageId, image);
      const parsed = parseReference(image, "docker.io");
      t.is(isValid, !("invalid" in parsed), image);
      if ("invalid" in parsed) return;
      t.is(matches(withRegistry, image), parsed.registryIsExplicit, image);
      t.is(matches(untagged, image), !parsed.tagIsExplicit && parsed.digest === undefined, image);
      t.is(matches(onDockerHub, image), parsed.registryIsExplicit && parsed.registry === "docker.io", image);
    }),
    { seed: 1, numRuns: 5000 },
  );
});

test("the two forms of the grammar take the same lengths", (t) => {
  const tags = [0, 1, 2, 16, 17, 18, 127, 128, 129, 144].map((length) => `:${"v".repeat(length)}`);
  const digests = [256, 384, 512].flatMap((algorithm) =>
    [32, 63, 64, 65, 96, 127, 128, 129].map((length) => `@sha${algorithm}:${"a".repeat(length)}`),
  );
  const images = ["", ...tags].flatMap((tag) => ["", ...digests].map((digest) => `a.io/x${tag}${digest}`));
  for (const image of images) t.is(matches(referenceInFewInstructions, image), matches(grammar, image), image);
  t.is(images.filter((image) => matches(grammar, image)).length, 8 * 4);
});

test("the expression of a pattern and the pattern itself agree", (t) => {
  const host = fc.constantFrom("a.b", "*.b", "**.b", "a*.b", "A.b", "a.b:5000", "a.b:*", "localhost", "[::1]", "**");
  const component = fc.constantFrom("x", "y*", "*", "**", "*x*");
  const repository = fc.array(component, { minLength: 1, maxLength: 3 }).map((components) => components.join("/"));
  const suffix = fc.constantFrom("", ":*", ":v*", ":latest", ":l*t", "@*", "@sha256:a*", ":v1@*");
  const pattern = fc.tuple(host, repository, suffix).map(([a, b, c]) => `${a}/${b}${c}`);
  const imageHost = fc.constantFrom(
    "a.b",
    "A.B:0443",
    "c.a.b",
    "ab.b",
    "a.b:5000",
    "a.b:05000",
    "localhost",
    "[::1]",
    "axb",
  );
  const imageComponent = fc.constantFrom("x", "y", "yz", "axb", "z");
  const imageSuffix = fc.constantFrom(
    "",
    ":v1",
    ":latest",
    ":V1",
    `@sha256:${"a".repeat(64)}`,
    `:v1@sha256:${"b".repeat(64)}`,
  );
  const image = fc
    .tuple(imageHost, fc.array(imageComponent, { minLength: 1, maxLength: 3 }), imageSuffix)
    .map(([a, b, c]) => `${a.includes("axb") ? "Axb" : a}/${b.join("/")}${c}`);
  fc.assert(
    fc.property(pattern, image, fc.constantFrom("allow", "deny"), (text, image, list) => {
      const parsed = parsePattern(text, list);
      const reference = parseReference(image, "docker.io");
      if ("problem" in parsed || "invalid" in reference) return;
      t.is(matches(listExpression([parsed]), image), matchesPattern(parsed, reference), `${text} ${image}`);
    }),
    { seed: 1, numRuns: 5000 },
  );
});

test("tags are looked at where nobody wrote them", (t) => {
  const latest = tagsExpression(["latest", "dev-*"]);
  const digest = `@sha256:${"a".repeat(64)}`;
  for (const image of ["nginx", "a.b:5000/x", "x:latest", `x:dev-1${digest}`]) t.true(matches(latest, image), image);
  for (const image of ["x:1", `x${digest}`, "x:latest-1", "latest:1"]) t.false(matches(latest, image), image);
});
