import type { Policy, Review } from "@registry-policy/language";
import { disagreements, type PanelVerdict } from "./agreement.js";
import { referenceVerdict } from "./reference-verdict.js";

/** A request that asks about the images of several others: each of them is refused for one image, or none is refused. */
export interface Combination {
  readonly review: Review;
  readonly of: readonly Review[];
}

/** What one engine says of requests, in their order; `undefined` for one about which it cannot be asked. */
export type Ask = (reviews: readonly Review[]) => Promise<readonly (PanelVerdict | undefined)[]>;

/**
 * Judges requests with an engine, and asks it about the combinations in the place of what they are made of. Where it does
 * not name every image of one that it should refuse, or refuses another, it is asked about each by itself.
 *
 * @returns the verdict on each request, and on each combination; not on one about which the engine cannot be asked.
 */
export async function judgeTogether(
  ask: Ask,
  policy: Policy,
  reviews: readonly Review[],
  combinations: readonly Combination[],
): Promise<ReadonlyMap<Review, PanelVerdict>> {
  const verdicts = new Map<Review, PanelVerdict>();
  const judge = async (asked: readonly Review[]) => {
    const said = await ask(asked);
    for (const [index, review] of asked.entries()) {
      const verdict = said[index];
      if (verdict !== undefined) verdicts.set(review, verdict);
    }
  };
  const inCombinations = new Set(combinations.flatMap(({ of }) => of));
  await judge([
    ...reviews.filter((review) => !inCombinations.has(review)),
    ...combinations.map(({ review }) => review),
  ]);
  const left = combinations.flatMap(({ review, of }) => {
    const verdict = verdicts.get(review);
    if (verdict === undefined || !namesEach(policy, review, verdict)) return of;
    for (const one of of) verdicts.set(one, { ...verdict, images: referenceVerdict(policy, one).verdict.images });
    return [];
  });
  if (left.length > 0) await judge(left);
  return verdicts;
}

/** Whether an engine says of a combination what it should, and names every image. */
function namesEach(policy: Policy, review: Review, verdict: PanelVerdict): boolean {
  const { verdict: reference } = referenceVerdict(policy, review);
  return (
    disagreements(reference, verdict).length === 0 && reference.images.every((one) => verdict.images.includes(one))
  );
}
