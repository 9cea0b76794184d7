import { type ImageChanges, imageChanges, type ScopeChange, scopeChanges } from "@registry-policy/automata";
import type { Policy } from "@registry-policy/language";

/** What `diff` found; each report is made from it alone. */
export interface PolicyDiff {
  readonly policies: readonly PolicyPair[];
  /** Whether something may run by the new policies that the old ones refuse. */
  readonly widened: boolean;
  /** Whether something is refused by the new policies that may run by the old ones. */
  readonly narrowed: boolean;
}

export type PolicyPair =
  /** A policy of which there is no old, or no new. */
  | { readonly name: string; readonly change: "added" }
  | { readonly name: string; readonly change: "removed" }
  | {
      /** Of the new one. */
      readonly name: string;
      readonly change: "compared";
      /** Images that the new policy allows and the old one refuses. */
      readonly allowed: ImageChanges;
      /** Images that the new policy refuses and the old one allows. */
      readonly refused: ImageChanges;
      readonly scope: readonly ScopeChange[];
    };

/**
 * Compares policies exactly. Two policies are compared whatever they are called; more are by their names.
 *
 * @param limit how many causes are shown in each direction.
 * @throws TooLarge for policies that are too large to compare.
 */
export function diffPolicies(old: readonly Policy[], now: readonly Policy[], limit: number): PolicyDiff {
  const policies = pairs(old, now).map(([before, after]) => comparePair(before, after, limit));
  return {
    policies,
    widened: policies.some(
      (pair) => pair.change === "removed" || (pair.change === "compared" && changes(pair, "widened", pair.allowed)),
    ),
    narrowed: policies.some(
      (pair) => pair.change === "added" || (pair.change === "compared" && changes(pair, "narrowed", pair.refused)),
    ),
  };
}

function changes(
  { scope }: Extract<PolicyPair, { change: "compared" }>,
  effect: "widened" | "narrowed",
  images: ImageChanges,
): boolean {
  return images.changes.length > 0 || scope.some((change) => change.effect === effect || change.effect === "both");
}

type Pair = readonly [Policy, Policy | undefined] | readonly [undefined, Policy];

function pairs(old: readonly Policy[], now: readonly Policy[]): Pair[] {
  const [before, after] = [old[0], now[0]];
  if (before !== undefined && after !== undefined && old.length === 1 && now.length === 1) return [[before, after]];
  return [
    ...old.map((policy): Pair => [policy, now.find(({ name }) => name === policy.name)]),
    ...now.filter(({ name }) => !old.some((policy) => policy.name === name)).map((policy): Pair => [undefined, policy]),
  ];
}

function comparePair(old: Policy | undefined, now: Policy | undefined, limit: number): PolicyPair {
  if (old === undefined || now === undefined) {
    return { name: (old ?? now)?.name ?? "", change: old === undefined ? "added" : "removed" };
  }
  return {
    name: now.name,
    change: "compared",
    allowed: imageChanges(old, now, limit),
    refused: imageChanges(now, old, limit),
    scope: scopeChanges(old, now),
  };
}
