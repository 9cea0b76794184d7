import type { Decision, OutOfScope, Policy, Review } from "@registry-policy/language";
import type { PanelVerdict } from "./agreement.js";
import { decidedOnce } from "./decided-once.js";

const scopeSentences: Readonly<Record<OutOfScope, string>> = {
  operation: "the operation is not CREATE or UPDATE",
  kind: "the policy does not cover the kind of the object",
  "sub-resource": "the request is for a sub-resource that is not judged",
  namespace: "the policy does not cover the namespace",
  "namespace-labels": "the labels of the namespace do not match",
  "exempt-user": "the user is exempt",
  "exempt-group": "a group of the user is exempt",
  "break-glass": "the annotation of the broken glass is on the pod",
};

/** What the reference evaluator says, in the form in which engines say it. */
export function referenceVerdict(policy: Policy, review: Review): { verdict: PanelVerdict; decision: Decision } {
  const decision = decidedOnce(policy, review);
  const { verdict, scope, violations } = decision;
  const messages =
    scope === undefined
      ? violations.map(({ field, image, reason }) => `${field}: ${reason}${image === "" ? "" : ` \`${image}\``}`)
      : [scopeSentences[scope]];
  const images = new Set(violations.map(({ image }) => image).filter((image) => image !== ""));
  return { verdict: { verdict, images: [...images], messages }, decision };
}
