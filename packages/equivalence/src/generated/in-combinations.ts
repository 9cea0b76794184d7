import { judgeImage, type Policy } from "@registry-policy/language";

/** A message in CEL names eight images (cel/refusal-message.ts of the compiler), of which one may be there beside these. */
const mostTogether = 7;

/** Such as every message names as they stand: in CEL, others are cut short or left out. */
const nameable = /^[ !#-[\]-~]{1,512}$/;

/**
 * Images in lists of those that one request can ask about: refused ones that every engine that names images can name,
 * those first to each other that are invalid for the same reason, and allowed ones. Any other is in a list of its own.
 */
export function inCombinations(policy: Policy, images: readonly unknown[]): (readonly unknown[])[] {
  const refused: { readonly image: unknown; readonly why: string }[] = [];
  const allowed: unknown[] = [];
  const alone: unknown[] = [];
  for (const image of images) {
    const judgement = judgeImage(policy, image);
    if (typeof image !== "string") alone.push(image);
    else if (judgement.verdict === "allow") allowed.push(image);
    else if (nameable.test(image)) refused.push({ image, why: judgement.invalid ?? "" });
    else alone.push(image);
  }
  refused.sort((one, other) => (one.why < other.why ? -1 : Number(one.why > other.why)));
  return [...listsOf(refused.map(({ image }) => image)), ...listsOf(allowed), ...alone.map((image) => [image])];
}

function listsOf(images: readonly unknown[]): (readonly unknown[])[] {
  return Array.from({ length: Math.ceil(images.length / mostTogether) }, (_, index) =>
    images.slice(index * mostTogether, (index + 1) * mostTogether),
  );
}
