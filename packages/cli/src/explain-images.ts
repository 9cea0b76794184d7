import { judgeImage, type Place, type Policy, type Reason, type Reference } from "@registry-policy/language";

/** What `explain` found; each report is made from it alone. */
export interface Explanation {
  readonly policy: string;
  readonly images: readonly ExplainedImage[];
}

export interface ExplainedImage {
  readonly image: string;
  /** Absent where the image is missing or no reference. */
  readonly reference?: Reference;
  readonly verdict: "allow" | "violation";
  /** Absent where the image is allowed. */
  readonly reason?: Reason;
  /** Why the image is no reference, where the reason is `invalid`. */
  readonly invalid?: string;
  /** What decided, as it is written: an item of `allow`, of `deny` or of `denyTags`; absent where none did. */
  readonly pattern?: { readonly text: string; readonly reason?: string; readonly place: Place };
}

/** Reads images and judges each, as a policy would in any field of a pod spec. */
export function explainImages(policy: Policy, images: readonly string[]): Explanation {
  return { policy: policy.name, images: images.map((image) => explainImage(policy, image)) };
}

function explainImage(policy: Policy, image: string): ExplainedImage {
  const judged = judgeImage(policy, image);
  const { reference, pattern } = judged;
  const common = { image, ...(reference !== undefined && { reference }) };
  if (judged.verdict === "allow") return { ...common, verdict: "allow", ...(pattern !== undefined && { pattern }) };
  const { reason, invalid, tag } = judged;
  // An item of the allow list that matches did not decide about an image that violates the policy otherwise.
  const decided = reason === "denied" ? pattern : tag;
  return {
    ...common,
    verdict: "violation",
    reason,
    ...(invalid !== undefined && { invalid }),
    ...(decided !== undefined && { pattern: decided }),
  };
}
