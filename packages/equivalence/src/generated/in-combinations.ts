import { judgeImage, type Policy } from "@registry-policy/language";

/** A message in CEL names eight images (cel/refusal-message.ts of the compiler), of which one may be there beside these. */
const mostTogether = 7;

/** Such as every message names as they stand: in CEL, others are cut short or left out. */
const nameable = /^[ !#-[\]-~]{1,512}$/;

/** Whether one request can ask about an image and others: it is allowed, or every engine that names images names it. */
export function isCombinable(policy: Policy, image: unknown): boolean {
  return typeof image === "string" && (nameable.test(image) || judgeImage(policy, image).verdict === "allow");
}

/**
 * Images of one verdict, all of them combinable, in lists of those that one request can ask about: those first to each
 * other that are invalid for the same reason.
 *
 * @param joined how many of the lists, the first ones, come to requests that have an image already.
 */
export function inCombinations(
  policy: Policy,
  images: readonly unknown[],
  joined: number,
): readonly (readonly unknown[])[] {
  const why = (image: unknown) => {
    const judgement = judgeImage(policy, image);
    return judgement.verdict === "allow" ? "" : (judgement.invalid ?? "");
  };
  const sorted = images.map((image) => ({ image, why: why(image) }));
  sorted.sort((one, other) => (one.why < other.why ? -1 : Number(one.why > other.why)));
  const lists: (readonly unknown[])[] = [];
  for (let at = 0; at < sorted.length; ) {
    const room = lists.length < joined ? mostTogether - 1 : mostTogether;
    lists.push(sorted.slice(at, at + room).map(({ image }) => image));
    at += room;
  }
  return lists;
}
