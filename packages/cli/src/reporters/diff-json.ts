import type { ImageChange, ImageChanges } from "@registry-policy/automata";
import type { Place } from "@registry-policy/language";
import type { PolicyDiff, PolicyPair } from "../policy-diff.js";

/** The report of `diff --output json`; its schema is `docs/schemas/diff.schema.json`. */
export function diffJson({ policies, widened, narrowed }: PolicyDiff): string {
  return `${JSON.stringify({ schemaVersion: 1, widened, narrowed, policies: policies.map(reportedPair) }, null, 2)}\n`;
}

function reportedPair(pair: PolicyPair): object {
  const { name, change } = pair;
  if (change !== "compared") return { name, change };
  return { name, change, allowed: reported(pair.allowed), refused: reported(pair.refused), scope: pair.scope };
}

function reported({ changes, isComplete }: ImageChanges): object {
  return { complete: isComplete, images: changes.map(reportedChange) };
}

function reportedChange({ image, refused, allowed }: ImageChange): object {
  const decided = refused.tag ?? (refused.reason === "denied" ? refused.pattern : undefined);
  return {
    image,
    reason: refused.reason,
    refusedBy: reportedPattern(decided),
    allowedBy: reportedPattern(allowed.pattern),
  };
}

function reportedPattern(pattern: { readonly text: string; readonly place: Place } | undefined): object | null {
  return pattern === undefined ? null : { text: pattern.text, location: pattern.place.location };
}
