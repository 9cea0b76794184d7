import { type ImageJudgement, judgeImage, type Policy } from "@registry-policy/language";
import { and, type Language, not } from "./language.js";
import { tagLanguage } from "./pattern-language.js";
import { entriesLanguage, type PolicyLanguages, policyLanguages } from "./policy-language.js";
import { shortest } from "./search.js";

/** Images that one policy refuses and another allows, for one cause. */
export interface ImageChange {
  /** The shortest of them. */
  readonly image: string;
  /** By the policy that refuses it: the reason and, where one decided, the pattern. */
  readonly refused: Violation;
  /** By the policy that allows it: the pattern, where there is an allow list. */
  readonly allowed: Allowed;
}

type Violation = Extract<ImageJudgement, { verdict: "violation" }>;
type Allowed = Extract<ImageJudgement, { verdict: "allow" }>;

export interface ImageChanges {
  /** One for each cause, those with the shortest images first. */
  readonly changes: readonly ImageChange[];
  /** Whether these are all causes: every image that changes does so for one of them. */
  readonly isComplete: boolean;
}

/**
 * The images that `strict` refuses and `open` allows, exactly: a cause is the reason and the item by which one refuses,
 * with the item by which the other allows.
 *
 * @param limit how many causes are looked for.
 * @throws TooLarge for policies that are too large to compare.
 */
export function imageChanges(strict: Policy, open: Policy, limit: number): ImageChanges {
  const refusing = policyLanguages(strict);
  let left = and(policyLanguages(open).allowed, not(refusing.allowed));
  const changes: ImageChange[] = [];
  for (;;) {
    const image = shortest(left);
    if (image === undefined) return { changes, isComplete: true };
    if (changes.length >= limit) return { changes, isComplete: false };
    const refused = judgeImage(strict, image);
    const allowed = judgeImage(open, image);
    if (refused.verdict !== "violation" || allowed.verdict !== "allow") {
      throw new Error(`the evaluator does not judge \`${image}\` as the automata of the policies do`);
    }
    changes.push({ image, refused, allowed });
    left = and(left, not(causeLanguage(strict, open, refusing, refused, allowed)));
  }
}

/** The images that change for the same cause. */
function causeLanguage(
  strict: Policy,
  open: Policy,
  { violations }: PolicyLanguages,
  refused: Violation,
  allowed: Allowed,
): Language {
  const { reason, pattern, tag } = refused;
  const byReason = reason === "missing" || reason === "invalid" ? [] : [violations[reason]];
  const byDenial =
    reason === "denied" && pattern !== undefined ? [entriesLanguage([pattern], strict.images.defaultRegistry)] : [];
  const byTag = tag === undefined ? [] : [tagLanguage([tag.text])];
  const byAllowance =
    allowed.pattern === undefined ? [] : [entriesLanguage([allowed.pattern], open.images.defaultRegistry)];
  return and(...byDenial, ...byTag, ...byAllowance, ...byReason);
}
