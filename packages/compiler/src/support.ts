import type { Feature, Support } from "./target.js";

/**
 * Features that a target says as they are. Each is named, so that the type checker asks every target of a new feature.
 */
export function fully<F extends Feature>(...features: readonly F[]): Readonly<Record<F, Support>> {
  return Object.fromEntries(features.map((feature) => [feature, { level: "full" }])) as Record<F, Support>;
}

/** A feature that is said differently, or with a condition. `note` says which, in one sentence. */
export function partly(note: string): Support {
  return { level: "partial", note };
}

/** A feature that a target cannot say. `note` says why, in one sentence. */
export function never(note: string): Support {
  return { level: "none", note };
}
