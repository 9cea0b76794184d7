import type { Review } from "@registry-policy/language";
import type { CombinedCase } from "../generated/index.js";
import { disagreements } from "./agreement.js";
import type { CaseResult, GeneratedResult } from "./check-result.js";
import { expectationFailures } from "./expectation.js";
import type { Judgement } from "./panel.js";

/** How many requests were asked about together by some engine, and in how many. */
export function countCombined(
  combined: readonly CombinedCase[],
  judgements: readonly Judgement[],
): GeneratedResult["combined"] {
  const asked = combined.filter((_, index) => (judgements[index]?.engines.size ?? 0) > 0);
  return { requests: asked.reduce((sum, { of }) => sum + of.length, 0), into: asked.length };
}

/**
 * The results of combinations. An engine that is wrong about one of the requests that a combination is made of is told
 * of there alone.
 *
 * @param results of those requests.
 */
export function combinedResults(
  combined: readonly CombinedCase[],
  judgements: readonly Judgement[],
  results: readonly CaseResult[],
): CaseResult[] {
  const resultOf = new Map<Review, CaseResult>(results.map((result) => [result.review, result]));
  return combined.map(({ name, location, expect, review, of }, index) => {
    const { decision, reference, engines } = judgements[index] as Judgement;
    const broken = [...engines].flatMap(([id, verdict]) => {
      const isExplained = of.some((one) => resultOf.get(one.review)?.disagreements.has(id));
      const sentences = isExplained ? [] : disagreements(reference, verdict);
      return sentences.length === 0 ? [] : [[id, sentences] as const];
    });
    const failures = expectationFailures(expect, decision);
    return { name, location, expect, review, reference, engines, failures, disagreements: new Map(broken) };
  });
}
