import type { VerdictKind } from "@registry-policy/language";
import { readDecision } from "./read-decision.js";

/** What the wasm policy's entrypoint says, as a verdict. */
export interface DecisionVerdict {
  readonly verdict: VerdictKind;
  readonly images: readonly string[];
  readonly messages: readonly string[];
  readonly error?: string;
}

/** The verdict in what OPA's wasm gives for the entrypoint; what `readDecision` cannot read is the verdict `error`. */
export function verdictOfDecision(results: unknown): DecisionVerdict {
  const decision = readDecision(results);
  if ("error" in decision) return { verdict: "error", images: [], messages: [], error: decision.error };
  const { scope, enforcement, violations } = decision;
  if (!scope) return { verdict: "out-of-scope", images: [], messages: [] };
  return {
    verdict: violations.length === 0 ? "allow" : enforcement,
    images: [...new Set(violations.map(({ image }) => image))],
    messages: violations.map(({ msg }) => msg),
  };
}
