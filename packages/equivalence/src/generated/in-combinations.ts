import { judgeImage, type Policy } from "@registry-policy/language";
import type { AskedScene } from "../compare/scene.js";

/** A message in CEL names eight images (cel/refusal-message.ts of the compiler), of which one may be there beside these. */
const mostTogether = 7;

/** Such as every message names as they stand: in CEL, others are cut short or left out. */
const nameable = /^[ !#-[\]-~]{1,512}$/;

/** Whether one request can ask about an image and others: it is allowed, or every engine that names images names it. */
export function isCombinable(policy: Policy, image: unknown): boolean {
  return typeof image === "string" && (nameable.test(image) || judgeImage(policy, image).verdict === "allow");
}

/** Images that one request can ask about, and the scene of another image to which they come, if they come to one. */
export interface Combination {
  readonly images: readonly unknown[];
  readonly host?: AskedScene;
}

/**
 * Images of one verdict, all of them combinable, in lists of those that one request can ask about: those first to each
 * other that are invalid for the same reason. What an engine finds wrong with one image may keep it from looking for
 * anything else in the others.
 *
 * @param hosts scenes of images that are combinable, too, to which others can come: each is taken once, by images that
 *   are invalid for the same reason where there are such.
 */
export function inCombinations(
  policy: Policy,
  images: readonly unknown[],
  hosts: readonly AskedScene[],
): readonly Combination[] {
  const free = hosts.map((scene) => ({ scene, why: whyInvalid(policy, scene.image.value) }));
  let left = images.map((image) => ({ image, why: whyInvalid(policy, image) }));
  left.sort((one, other) => (one.why < other.why ? -1 : Number(one.why > other.why)));
  const combinations: Combination[] = [];
  for (let [first] = left; first !== undefined; [first] = left) {
    const { why } = first;
    const alike = free.findIndex((host) => host.why === why);
    const [host] = free.splice(Math.max(alike, 0), 1);
    const taken = left.slice(0, host === undefined ? mostTogether : mostTogether - 1);
    combinations.push({
      images: taken.map(({ image }) => image),
      ...(host !== undefined && { host: host.scene }),
    });
    left = left.slice(taken.length);
  }
  return combinations;
}

/** Empty for one that is not invalid. */
function whyInvalid(policy: Policy, image: unknown): string {
  const judgement = judgeImage(policy, image);
  return judgement.verdict === "allow" ? "" : (judgement.invalid ?? "");
}
