import type { VerdictKind } from "@registry-policy/language";

/** What the wasm policy's entrypoint says, as a verdict. */
export interface DecisionVerdict {
  readonly verdict: VerdictKind;
  readonly images: readonly string[];
  readonly messages: readonly string[];
  readonly error?: string;
}

const enforcements = ["deny", "warn", "audit"] as const;

/**
 * Reads what OPA's wasm gives for the entrypoint: exactly one result, an object
 * `{scope, violations: [{image, field, reason, msg}], enforcement}`. Anything else is the verdict `error`; an entrypoint
 * that is undefined gives no result at all.
 */
export function verdictOfDecision(results: unknown): DecisionVerdict {
  if (!Array.isArray(results) || results.length !== 1) return failed("it is undefined", results);
  const decision: unknown = (results[0] as { result?: unknown } | null)?.result;
  if (!isObject(decision)) return failed("it is no object", decision);
  const { scope, violations, enforcement } = decision;
  const isKnown = enforcements.find((known) => known === enforcement);
  if (typeof scope !== "boolean" || !Array.isArray(violations) || isKnown === undefined) {
    return failed("it is not `{scope, violations, enforcement}`", decision);
  }
  const images = new Set<string>();
  const messages: string[] = [];
  for (const violation of violations as unknown[]) {
    if (!isObject(violation) || typeof violation.image !== "string" || typeof violation.msg !== "string") {
      return failed("a violation of it is not `{image, field, reason, msg}`", violation);
    }
    images.add(violation.image);
    messages.push(violation.msg);
  }
  if (!scope) {
    if (violations.length > 0) return failed("it has violations of a request that is out of its scope", decision);
    return { verdict: "out-of-scope", images: [], messages: [] };
  }
  return { verdict: violations.length === 0 ? "allow" : isKnown, images: [...images], messages };
}

function failed(why: string, value: unknown): DecisionVerdict {
  const text = JSON.stringify(value) ?? "nothing";
  const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  return { verdict: "error", images: [], messages: [], error: `the policy made no decision: ${why}: ${shown}` };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
