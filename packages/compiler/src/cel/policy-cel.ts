import type { Policy } from "@registry-policy/language";
import { refusedImages } from "./image-conditions.js";
import { matchConditions } from "./match-conditions.js";
import type { NamedExpression } from "./named-expression.js";
import { podImages } from "./pod-images.js";
import { plainMessage, refusalMessage, refusalReason, shownImages } from "./refusal-message.js";

/** A policy as CEL: the same for every engine that takes CEL. */
export interface PolicyCel {
  readonly matchConditions: readonly NamedExpression[];
  /** In their order: each sees those before it. */
  readonly variables: readonly NamedExpression[];
  readonly validation: {
    /** True where the request is admitted. */
    readonly expression: string;
    readonly messageExpression: string;
    readonly message: string;
  };
}

/**
 * No expression fails at an object of any shape, so no verdict depends on what an engine makes of a failure; that is
 * left to the cost limits.
 *
 * @param withReasons whether a message gives the reason of a deny pattern.
 */
export function policyCel(policy: Policy, { withReasons }: { readonly withReasons: boolean }): PolicyCel {
  return {
    matchConditions: matchConditions(policy),
    variables: [podImages(policy.match.kinds), ...refusedImages(policy), shownImages],
    validation: {
      expression: "size(variables.refused) == 0",
      messageExpression: refusalMessage(plainMessage(policy), withReasons ? refusalReason(policy) : undefined),
      message: plainMessage(policy),
    },
  };
}
