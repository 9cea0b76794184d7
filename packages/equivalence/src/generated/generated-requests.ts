import type { Location, Policy } from "@registry-policy/language";
import { type AskedScene, requestParts } from "../compare/scene.js";
import { admissionReview, type RequestParts, uidOf } from "../fixtures/admission-review.js";
import type { Expectation, FixtureCase } from "../fixtures/fixture.js";
import { decidedOnce } from "../matrix/decided-once.js";
import type { Extent } from "./extent.js";
import { generatedScenes } from "./generated-scenes.js";
import { type ProbedImages, probedImages } from "./probed-images.js";
import { sceneName } from "./scene-name.js";

/** A request that was made up, and what the reference evaluator says of it. */
export interface GeneratedCase extends FixtureCase {
  /** What a fixture that is this request says of it. */
  readonly parts: RequestParts;
}

/** A request that asks about the images of several others, which have everything else in common with it. */
export interface CombinedCase extends GeneratedCase {
  /** At least two, each with one image: all of them such as the policy refuses, or none. */
  readonly of: readonly GeneratedCase[];
}

export interface GeneratedRequests {
  readonly cases: readonly GeneratedCase[];
  /** For engines of which a verdict on one of these is a verdict on each that it is made of. */
  readonly combined: readonly CombinedCase[];
  /** What there would have been, but for the extent. */
  readonly leftOut: ProbedImages["leftOut"];
  /** Why no images are made of the policy's patterns. */
  readonly problem?: string;
}

/**
 * Requests that probe a policy: images on both sides of each boundary of its patterns, and every field, kind, operation,
 * place in a list, namespace, user and annotation on both sides of what the policy says of them, crossed.
 *
 * @param location where the policy is named.
 * @returns the same requests for the same policy.
 */
export function generatedRequests(policy: Policy, location: Location, extent: Extent): GeneratedRequests {
  const { images, leftOut, allowed, refused, problem } = probedImages(policy, extent);
  const harmless = allowed ?? refused ?? "evil.example/app";
  const violating = refused ?? harmless;
  const named = new Map<string, GeneratedCase>();
  const seen = new Set<string>();
  const add = (scene: AskedScene): GeneratedCase | undefined => {
    const parts = requestParts(scene, harmless, violating);
    const text = JSON.stringify(parts);
    if (seen.has(text)) return undefined;
    seen.add(text);
    // Names leave the middle of long runs out.
    let name = sceneName(scene);
    for (let count = 2; named.has(name); count += 1) name = `${sceneName(scene)},${count}`;
    const made = admissionReview(parts, uidOf(named.size));
    if ("problem" in made) throw new Error(made.problem.message);
    const found = { name, location, parts, review: made.review, expect: expectationOf(policy, made.review) };
    named.set(name, found);
    return found;
  };
  const { scenes, alike } = generatedScenes(policy, [...images, ...notThere], extent.everyField);
  const made = new Map(scenes.map((scene) => [scene, add(scene)]));
  const cases = [...named.values()];
  const combined = alike.flatMap((group) => {
    const own = group.filter((scene) => made.get(scene) !== undefined);
    const [first, ...others] = own;
    if (first === undefined || others.length === 0) return [];
    const image = { value: first.image.value, others: others.map((scene) => scene.image.value) };
    const found = add({ ...first, image });
    return found === undefined ? [] : [{ ...found, of: own.flatMap((scene) => made.get(scene) ?? []) }];
  });
  return { cases, combined, leftOut, ...(problem !== undefined && { problem }) };
}

/** What stands in the field where there is no image. */
const notThere = [undefined, null, ""] as const;

function expectationOf(policy: Policy, review: GeneratedCase["review"]): Expectation {
  const { verdict, violations } = decidedOnce(policy, review);
  return verdict === "allow" || verdict === "out-of-scope" ? { verdict } : { verdict: "deny", images: violations };
}
