import { matchesGlob } from "./glob.js";
import { patternMatcher } from "./match-pattern.js";
import type { PatternEntry, Policy, TagEntry } from "./policy.js";
import { parseReference, type Reference } from "./reference.js";
import type { Reason } from "./verdict.js";

/** What a policy says of one image, and what decided it. */
export type ImageJudgement =
  | {
      readonly verdict: "allow";
      readonly reference: Reference;
      /** The first item of the allow list that matches; absent where the policy has no such list. */
      readonly pattern?: PatternEntry;
    }
  | {
      readonly verdict: "violation";
      readonly reason: Reason;
      /** Absent where the image is `missing` or `invalid`. */
      readonly reference?: Reference;
      /** Why the image is no reference, where the reason is `invalid`. */
      readonly invalid?: string;
      /** The item of the deny list that matches, where the reason is `denied`; else that of the allow list, if any. */
      readonly pattern?: PatternEntry;
      /** The item of `denyTags` that matches, where the reason is `tag-denied`. */
      readonly tag?: TagEntry;
    };

/**
 * Judges one image, the first reason that holds deciding.
 *
 * @param image any JSON value: what stands in an image field.
 */
export function judgeImage(policy: Policy, image: unknown): ImageJudgement {
  if (typeof image !== "string" || image === "") return { verdict: "violation", reason: "missing" };

  const { defaultRegistry, allow, deny, require, denyTags } = policy.images;
  const reference = parseReference(image, defaultRegistry);
  if ("invalid" in reference) return { verdict: "violation", reason: "invalid", invalid: reference.invalid };

  const denied = findMatch(deny, reference);
  if (denied !== undefined) return { verdict: "violation", reason: "denied", reference, pattern: denied };

  const allowed = allow && findMatch(allow, reference);
  if (allow !== undefined && allowed === undefined) return { verdict: "violation", reason: "unlisted", reference };

  const decided = { reference, ...(allowed !== undefined && { pattern: allowed }) };
  if (require.explicitRegistry && !reference.registryIsExplicit) {
    return { verdict: "violation", reason: "registry-implicit", ...decided };
  }
  if (require.explicitTag && !reference.tagIsExplicit && reference.digest === undefined) {
    return { verdict: "violation", reason: "tag-missing", ...decided };
  }
  const { tag } = reference;
  const deniedTag = tag === undefined ? undefined : denyTags.find((entry) => matchesGlob(entry.text, tag));
  if (deniedTag !== undefined) return { verdict: "violation", reason: "tag-denied", ...decided, tag: deniedTag };

  if (require.digest && reference.digest === undefined) {
    return { verdict: "violation", reason: "digest-missing", ...decided };
  }
  return { verdict: "allow", ...decided };
}

function findMatch(entries: readonly PatternEntry[], reference: Reference): PatternEntry | undefined {
  const matches = patternMatcher(reference);
  return entries.find((entry) => entry.patterns.some(matches));
}
