import { type Decision, evaluate, type Policy, type Review } from "@registry-policy/language";

const decisions = new WeakMap<Review, { readonly policy: Policy; readonly decision: Decision }>();

/** What the reference evaluator decides: of a request that is made for a policy it is asked when it is made, and again later. */
export function decidedOnce(policy: Policy, review: Review): Decision {
  const known = decisions.get(review);
  if (known?.policy === policy) return known.decision;
  const decision = evaluate(policy, review);
  decisions.set(review, { policy, decision });
  return decision;
}
