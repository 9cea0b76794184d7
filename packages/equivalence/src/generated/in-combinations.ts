import { judgeImage, type Policy } from "@registry-policy/language";

/** A message in CEL names eight images (cel/refusal-message.ts of the compiler), of which one may be there beside these. */
const mostTogether = 7;

/** Such as every message names as they stand: in CEL, others are cut short or left out. */
const nameable = /^[ !#-[\]-~]{1,512}$/;

/**
 * Images in lists of those that one request can ask about: refused ones that every engine that names images can name,
 * those first to each other that are invalid for the same reason. Any other is in a list of its own.
 */
export function inCombinations(policy: Policy, images: readonly unknown[]): (readonly unknown[])[] {
  const why = new Map<unknown, string>();
  for (const image of images) {
    const judgement = judgeImage(policy, image);
    const isNamed = typeof image === "string" && nameable.test(image);
    if (isNamed && judgement.verdict !== "allow") why.set(image, judgement.invalid ?? "");
  }
  const together = [...why].sort(([, one], [, other]) => (one < other ? -1 : Number(one > other)));
  const lists = Array.from({ length: Math.ceil(together.length / mostTogether) }, (_, index) =>
    together.slice(index * mostTogether, (index + 1) * mostTogether).map(([image]) => image),
  );
  return [...lists, ...images.filter((image) => !why.has(image)).map((image) => [image])];
}
