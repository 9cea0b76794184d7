import type { PatternEntry, Policy, Reason } from "@registry-policy/language";
import { and, type Language, not, nothing } from "./language.js";
import { patternLanguage, tagLanguage } from "./pattern-language.js";
import { untagged, validReferences, withDigest, withRegistry } from "./reference-language.js";

/** What a policy says of images, each as the set of texts about which it is true. */
export interface PolicyLanguages {
  /** What may stand in an image field. */
  readonly allowed: Language;
  /** The images that violate the policy, by the first reason that holds; one that can never hold is `nothing`. */
  readonly violations: Readonly<Record<Exclude<Reason, "missing" | "invalid">, Language>>;
}

/** The languages of a policy's images. They say what `judgeImage` does, of every text at once. */
export function policyLanguages({ images }: Pick<Policy, "images">): PolicyLanguages {
  const { allow, deny, require, denyTags, defaultRegistry } = images;
  const steps = [
    ["denied", deny.length > 0 ? entriesLanguage(deny, defaultRegistry) : nothing],
    ["unlisted", allow === undefined ? nothing : not(entriesLanguage(allow, defaultRegistry))],
    ["registry-implicit", require.explicitRegistry ? not(withRegistry) : nothing],
    ["tag-missing", require.explicitTag ? untagged : nothing],
    ["tag-denied", denyTags.length > 0 ? tagLanguage(denyTags.map((tag) => tag.text)) : nothing],
    ["digest-missing", require.digest ? not(withDigest) : nothing],
  ] as const;
  let left: Language = validReferences;
  const violations: [string, Language][] = [];
  for (const [reason, language] of steps) {
    if (language === nothing) {
      violations.push([reason, nothing]);
      continue;
    }
    violations.push([reason, and(left, language)]);
    left = and(left, not(language));
  }
  return { allowed: left, violations: Object.fromEntries(violations) as PolicyLanguages["violations"] };
}

/** The valid references that a list of items matches. */
export function entriesLanguage(entries: readonly PatternEntry[], defaultRegistry: string): Language {
  return patternLanguage(
    entries.flatMap((entry) => entry.patterns),
    defaultRegistry,
  );
}
