import { imageFields } from "./image-fields.js";
import { judgeImage } from "./judge-image.js";
import type { Policy } from "./policy.js";
import type { Review } from "./request.js";
import { type OutOfScope, scopeOf } from "./scope.js";
import type { ImageViolation, VerdictKind } from "./verdict.js";

/** What the reference evaluator says of a request. */
export interface Decision {
  readonly verdict: Exclude<VerdictKind, "error">;
  /** Present where the verdict is `out-of-scope`: why the request is not judged. */
  readonly scope?: OutOfScope;
  /** Every violating image, in the order in which they stand in the pod spec. */
  readonly violations: readonly ImageViolation[];
}

/**
 * The reference evaluator: what every engine must say of a request, written straight from the language page.
 *
 * @param review its objects may be any JSON value.
 * @returns the decision; nothing is thrown.
 */
export function evaluate(policy: Policy, review: Review): Decision {
  const scope = scopeOf(policy, review);
  if ("outOfScope" in scope) return { verdict: "out-of-scope", scope: scope.outOfScope, violations: [] };

  const violations = imageFields(scope.kind, review.request.object).flatMap(({ field, image }): ImageViolation[] => {
    const judgement = judgeImage(policy, image);
    if (judgement.verdict === "allow") return [];
    return [{ image: typeof image === "string" ? image : "", field, reason: judgement.reason }];
  });
  return { verdict: violations.length === 0 ? "allow" : policy.enforcement, violations };
}
