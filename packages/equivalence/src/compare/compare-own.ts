import { imageChanges, scopeChanges, TooLarge } from "@registry-policy/automata";
import type { Policy } from "@registry-policy/language";
import type { ComparedSide } from "./compared-side.js";

/** What is known of two sides that are our own policies, for every image and every request. */
export interface OwnComparison {
  readonly isEqual: boolean;
  /** Images about which they differ: the shortest for each cause, as far as there are not too many causes. */
  readonly images: readonly string[];
}

const mostCauses = 10;

/**
 * Compares two sides by their patterns and scopes alone, exactly, as `diff` does. Several policies are taken by their
 * names.
 *
 * @returns undefined where that is not known: a side is not our own policies, they cannot be taken in pairs, or they are
 * too large.
 */
export function compareOwn(left: ComparedSide, right: ComparedSide): OwnComparison | undefined {
  if (left.judges !== "reference" || right.judges !== "reference") return undefined;
  const pairs = pairsOf(left.policies, right.policies);
  if (pairs === undefined) return undefined;
  try {
    const changes = pairs.flatMap(([old, now]) => [
      ...imageChanges(old, now, mostCauses).changes,
      ...imageChanges(now, old, mostCauses).changes,
    ]);
    const isScopeEqual = pairs.every(([old, now]) => scopeChanges(old, now).length === 0);
    return { isEqual: changes.length === 0 && isScopeEqual, images: changes.map(({ image }) => image) };
  } catch (error) {
    if (error instanceof TooLarge) return undefined;
    throw error;
  }
}

function pairsOf(left: readonly Policy[], right: readonly Policy[]): [Policy, Policy][] | undefined {
  const [only, other] = [left[0], right[0]];
  if (only !== undefined && other !== undefined && left.length === 1 && right.length === 1) return [[only, other]];
  const byName = new Map(right.map((policy) => [policy.name, policy]));
  const pairs = left.flatMap((old): [Policy, Policy][] => {
    const now = byName.get(old.name);
    byName.delete(old.name);
    return now === undefined ? [] : [[old, now]];
  });
  return pairs.length === left.length && pairs.length === right.length ? pairs : undefined;
}
