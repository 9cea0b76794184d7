import { judgeImage } from "@registry-policy/language";
import test from "ava";
import fc from "fast-check";
import { imageText, policyImages, policyOf } from "./generated.test.data.js";
import { imageChanges } from "./image-changes.js";

/** Each change as `image: reason by pattern, allowed by pattern`. */
function found(strict: object, open: object, limit = 20): string[] {
  return imageChanges(policyOf(strict), policyOf(open), limit).changes.map(({ image, refused, allowed }) =>
    [image, refused.reason, refused.tag?.text ?? refused.pattern?.text ?? "-", allowed.pattern?.text ?? "-"].join(" "),
  );
}

test("what a new pattern allows is said with that pattern", (t) => {
  const old = { allow: ["ghcr.io/acme/**"] };
  const now = { allow: ["ghcr.io/acme/**", "ghcr.io/acme/x/**", "quay.io/team/*"] };
  t.deepEqual(found(old, now), ["quay.io/team/a unlisted - quay.io/team/*"]);
  t.deepEqual(found(now, old), []);
});

test("each cause is said once, with its shortest image", (t) => {
  const strict = {
    allow: ["a.io", "b.io/x/**"],
    deny: ["a.io/bad/**", "a.io/worse/**"],
    denyTags: ["latest", "*-dev"],
  };
  const open = { allow: ["a.io", "b.io"], denyTags: ["*-dev"] };
  t.deepEqual(found(strict, open), [
    "a.io/a tag-denied latest a.io",
    "b.io/a unlisted - b.io",
    "b.io/x/a tag-denied latest b.io",
    "a.io/bad/a denied a.io/bad/** a.io",
    "a.io/worse/a denied a.io/worse/** a.io",
  ]);
});

test("policies that say the same in other words have no change", (t) => {
  const one = { allow: ["a.io/{x,y}/**", "a.io/x/y"], deny: ["a.io/x/z"] };
  const two = { allow: ["a.io/y/**", "A.IO:0443/x/**"], deny: ["a.io:*/x/z"] };
  t.deepEqual(imageChanges(policyOf(one), policyOf(two), 5), { changes: [], isComplete: true });
  t.deepEqual(imageChanges(policyOf(two), policyOf(one), 5), { changes: [], isComplete: true });
});

test("another default registry changes what a short name is", (t) => {
  const old = { allow: ["docker.io"], defaultRegistry: "docker.io" };
  const now = { allow: ["docker.io"], defaultRegistry: "mirror.corp" };
  t.deepEqual(found(now, old), ["a unlisted - docker.io"]);
  t.deepEqual(found(old, now), []);
});

test("more causes than are asked for are not silently left out", (t) => {
  const strict = policyOf({ allow: ["a.io"] });
  const open = policyOf({ allow: ["a.io", "b.io", "c.io", "d.io"] });
  const { changes, isComplete } = imageChanges(strict, open, 2);
  t.is(changes.length, 2);
  t.false(isComplete);
});

test("there are no changes only if no image is judged otherwise", (t) => {
  let equal = 0;
  const images = fc.array(imageText, { minLength: 20, maxLength: 20 });
  // Two that have nothing to do with each other are seldom equal.
  const pairs = fc.oneof(
    fc.tuple(policyImages, policyImages),
    policyImages.map((one) => [one, { ...one, denyTags: ["none-*"] }] as const),
  );
  fc.assert(
    fc.property(pairs, images, ([one, two], texts) => {
      const [strict, open] = [policyOf(one), policyOf(two)];
      const { changes, isComplete } = imageChanges(strict, open, 3);
      for (const { image, refused, allowed } of changes) {
        t.deepEqual(judgeImage(strict, image), refused);
        t.deepEqual(judgeImage(open, image), allowed);
      }
      if (changes.length > 0) return;
      equal += 1;
      t.true(isComplete);
      const opened = texts.filter(
        (image) =>
          image.length <= 512 &&
          judgeImage(strict, image).verdict === "violation" &&
          judgeImage(open, image).verdict === "allow",
      );
      t.deepEqual(opened, []);
    }),
    { numRuns: 100 },
  );
  t.true(equal > 5, String(equal));
});
