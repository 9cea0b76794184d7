import { judgeImage, matchesPattern, maximumReferenceLength, parseReference } from "@registry-policy/language";
import test from "ava";
import fc from "fast-check";
import { imageText, nearlyImageText, patternsOf, patternText, policyImages, policyOf } from "./generated.test.data.js";
import { and, not } from "./language.js";
import { patternLanguage } from "./pattern-language.js";
import { policyLanguages } from "./policy-language.js";
import { validReferences } from "./reference-language.js";
import { contains, shortest } from "./search.js";

const images = fc.array(fc.oneof(imageText, nearlyImageText), { minLength: 30, maxLength: 30 });

test("a text is in the language of references if it is parsed as one", (t) => {
  fc.assert(
    fc.property(images, (texts) => {
      const wrong = texts
        .filter(({ length }) => length <= maximumReferenceLength)
        .filter((text) => contains(validReferences, text) === "invalid" in parseReference(text, "docker.io"));
      t.deepEqual(wrong, []);
    }),
    { numRuns: 500 },
  );
});

test("an image is in the language of a pattern if the pattern matches it", (t) => {
  let matched = 0;
  fc.assert(
    fc.property(patternText, fc.constantFrom("docker.io", "a.io"), images, (text, defaultRegistry, texts) => {
      const patterns = patternsOf(text);
      const language = and(validReferences, patternLanguage(patterns, defaultRegistry));
      const references = texts
        .map((image) => [image, parseReference(image, defaultRegistry)] as const)
        .flatMap(([image, reference]) => ("invalid" in reference ? [] : [{ image, reference }]))
        .map(({ image, reference }) => ({ image, isMatch: patterns.some((one) => matchesPattern(one, reference)) }));
      matched += references.filter(({ isMatch }) => isMatch).length;
      const wrong = references.filter(({ image, isMatch }) => contains(language, image) !== isMatch);
      t.deepEqual(wrong, [], text);
    }),
    { numRuns: 1000 },
  );
  t.true(matched > 500, String(matched));
});

test("an image is in the language of a verdict if it is judged so", (t) => {
  const verdicts = new Set<string>();
  fc.assert(
    fc.property(policyImages, images, (raw, texts) => {
      const policy = policyOf(raw);
      const { allowed, violations } = policyLanguages(policy);
      const wrong = texts
        .filter(({ length }) => length > 0 && length <= maximumReferenceLength)
        .map((image) => ({ image, judgement: judgeImage(policy, image) }))
        .map(({ image, judgement }) => ({
          image,
          expected: judgement.verdict === "allow" ? "allow" : judgement.reason,
          found: [
            ...(contains(allowed, image) ? ["allow"] : []),
            ...Object.entries(violations).flatMap(([reason, language]) => (contains(language, image) ? [reason] : [])),
          ],
        }))
        .filter(({ expected, found }) => {
          verdicts.add(expected);
          return found.join() !== (expected === "invalid" ? "" : expected);
        });
      t.deepEqual(wrong, [], JSON.stringify(raw));
    }),
    { numRuns: 500 },
  );
  t.deepEqual([...verdicts].sort(), [
    "allow",
    "denied",
    "digest-missing",
    "invalid",
    "registry-implicit",
    "tag-denied",
    "tag-missing",
    "unlisted",
  ]);
});

test("the shortest allowed image is allowed", (t) => {
  let found = 0;
  fc.assert(
    fc.property(policyImages, (raw) => {
      const policy = policyOf(raw);
      const image = shortest(policyLanguages(policy).allowed);
      if (image === undefined) return;
      found += 1;
      t.is(judgeImage(policy, image).verdict, "allow", `${JSON.stringify(raw)} ${image}`);
    }),
    { numRuns: 150 },
  );
  t.true(found > 50, String(found));
});

test("the shortest image of a pattern reads well", (t) => {
  const least = (text: string) => shortest(and(validReferences, patternLanguage(patternsOf(text), "docker.io")));
  t.is(least("ghcr.io/acme/**"), "ghcr.io/acme/a");
  t.is(least("docker.io/library/*"), "a");
  t.is(least("**.example.com/x:v*"), "a.example.com/x:v");
  t.is(least("ghcr.io/acme/x@*"), `ghcr.io/acme/x@sha256:${"a".repeat(64)}`);
  t.is(least("**"), "a");
});

test("no text of more than 512 characters is looked at", (t) => {
  const long = `a.io/${"x".repeat(506)}`;
  t.is(long.length, 511);
  const language = and(validReferences, patternLanguage(patternsOf(`a.io/${"x".repeat(505)}*`), "docker.io"));
  t.is(shortest(and(language, not(patternLanguage(patternsOf(long), "docker.io")))), `a.io/${"x".repeat(505)}`);
  const longer = patternsOf(`a.io/${"x".repeat(507)}`);
  t.is(shortest(and(validReferences, patternLanguage(longer, "docker.io")))?.length, 512);
  const tagged = patternsOf(`a.io/${"x".repeat(505)}:*`);
  t.is(shortest(and(validReferences, patternLanguage(tagged, "docker.io")))?.length, 510);
  const pinned = patternsOf(`a.io/${"x".repeat(505)}@*`);
  t.is(shortest(and(validReferences, patternLanguage(pinned, "docker.io"))), undefined);
});
