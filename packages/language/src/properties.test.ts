import test from "ava";
import fc from "fast-check";
import { evaluate } from "./evaluate.js";
import { judgeImage } from "./judge-image.js";
import { parsePolicies } from "./parse-policies.js";
import type { Policy } from "./policy.js";
import { printPolicy } from "./print-policy.js";
import { parseReference, printReference } from "./reference.js";
import { imageText, patternText, rawPolicies } from "./testing/arbitraries.js";
import { policyOf } from "./testing/policy-of.js";
import { podOf, reviewOf } from "./testing/review-of.js";

function parse(text: string): Policy {
  const { policies, diagnostics } = parsePolicies({ text, file: "p" });
  const [policy] = policies;
  if (policy === undefined) throw new Error(`${JSON.stringify(diagnostics, null, 1)}\n${text}`);
  return policy;
}

/** What is left of a policy without its locations. */
function withoutLocations(policy: Policy): unknown {
  return JSON.parse(JSON.stringify(policy, (key, value: unknown) => (key === "place" ? undefined : value)));
}

/** What is judged of an image, without the item that decided. */
function outcome(policy: Policy, image: string): string {
  const judgement = judgeImage(policy, image);
  return judgement.verdict === "allow" ? "allow" : judgement.reason;
}

const patterns = fc.array(patternText, { minLength: 1, maxLength: 4 });
const images = fc.array(imageText, { minLength: 1, maxLength: 5 });

test("a policy equals its reprint", (t) => {
  fc.assert(
    fc.property(rawPolicies, (raw) => {
      const policy = parse(JSON.stringify(raw));
      const text = printPolicy(policy);
      t.deepEqual(withoutLocations(parse(text)), withoutLocations(policy));
      t.is(printPolicy(parse(text)), text);
    }),
    { numRuns: 2000 },
  );
});

test("adding an allow pattern never refuses more", (t) => {
  fc.assert(
    fc.property(patterns, patterns, patternText, images, (allow, deny, more, texts) => {
      const narrow = policyOf({ images: { allow, deny } });
      const wide = policyOf({ images: { allow: [...allow, more], deny } });
      for (const image of texts) if (outcome(narrow, image) === "allow") t.is(outcome(wide, image), "allow");
    }),
    { numRuns: 2000 },
  );
});

test("adding a deny pattern never allows more", (t) => {
  fc.assert(
    fc.property(patterns, patterns, patternText, images, (allow, deny, more, texts) => {
      const narrow = policyOf({ images: { allow, deny: [...deny, more] } });
      const wide = policyOf({ images: { allow, deny } });
      for (const image of texts) if (outcome(narrow, image) === "allow") t.is(outcome(wide, image), "allow");
    }),
    { numRuns: 2000 },
  );
});

test("order and duplicates change nothing", (t) => {
  const shuffled = patterns.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: 2 * list.length })),
  );
  fc.assert(
    fc.property(shuffled, shuffled, images, ([allow, otherAllow], [deny, otherDeny], texts) => {
      const policy = policyOf({ images: { allow, deny } });
      const other = policyOf({ images: { allow: otherAllow, deny: otherDeny } });
      for (const image of texts) t.is(outcome(other, image), outcome(policy, image));
    }),
    { numRuns: 2000 },
  );
});

test("patterns match some of the images that the properties try, and not others", (t) => {
  let allowed = 0;
  const runs = 5000;
  fc.assert(
    fc.property(patterns, imageText, (allow, image) => {
      if (outcome(policyOf({ images: { allow } }), image) === "allow") allowed += 1;
    }),
    { numRuns: runs },
  );
  t.true(allowed > runs / 20, String(allowed));
  t.true(allowed < runs / 2, String(allowed));
});

test("braces stand for their alternatives", (t) => {
  fc.assert(
    fc.property(patternText, patternText, images, (one, two, texts) => {
      fc.pre(!/[{}]/.test(one + two));
      const braced = policyOf({ images: { allow: [`{${one},${two}}`] } });
      const listed = policyOf({ images: { allow: [one, two] } });
      for (const image of texts) t.is(outcome(braced, image), outcome(listed, image));
    }),
    { numRuns: 1000 },
  );
});

test("a reference in full is read as itself", (t) => {
  fc.assert(
    fc.property(imageText, fc.constantFrom("docker.io", "mirror:5000", "[::1]"), (text, defaultRegistry) => {
      const reference = parseReference(text, defaultRegistry);
      if ("invalid" in reference) return;
      const again = parseReference(printReference(reference), "other.io");
      const { tagIsExplicit: _, registryIsExplicit: __, ...parts } = reference;
      t.like(again, parts);
      t.is("invalid" in again ? "" : printReference(again), printReference(reference));
    }),
    { numRuns: 10_000 },
  );
});

test("an evaluation of any JSON value ends with a verdict, and admits it only if every image in it is allowed", (t) => {
  const key = fc.constantFrom(
    "spec",
    "containers",
    "initContainers",
    "volumes",
    "image",
    "reference",
    "metadata",
    "__proto__",
  );
  const value = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: "medium" },
      fc.constantFrom(null, "", "x", 1, true, "nginx"),
      fc.array(tie("node"), { maxLength: 3 }),
      fc.dictionary(key, tie("node"), { maxKeys: 4 }),
    ),
  })).node;
  const policy = policyOf({ images: { deny: ["**"] } });
  fc.assert(
    fc.property(value, (spec) => {
      const { verdict, violations } = evaluate(policy, reviewOf("Pod", { spec }));
      t.is(verdict, violations.length === 0 ? "allow" : "deny");
      if (typeof spec !== "object" || spec === null || Array.isArray(spec)) t.is(verdict, "deny");
    }),
    { numRuns: 5000 },
  );
});

test("one violating image is enough", (t) => {
  fc.assert(
    fc.property(patterns, images, (allow, texts) => {
      const policy = policyOf({ images: { allow } });
      const alone = texts.some((image) => evaluate(policy, reviewOf("Pod", podOf(image))).verdict === "deny");
      const containers = texts.map((image) => ({ image }));
      t.is(evaluate(policy, reviewOf("Pod", { spec: { containers } })).verdict, alone ? "deny" : "allow");
    }),
    { numRuns: 1000 },
  );
});
