/** What the wasm policy's entrypoint says of one request. */
export interface WasmDecision {
  /** Whether the policy judges the request. */
  readonly scope: boolean;
  readonly enforcement: "deny" | "warn" | "audit";
  /** Empty where the request is out of scope. */
  readonly violations: readonly WasmViolation[];
}

/** One image, or one place where an image should have been, that violates the policy. */
export interface WasmViolation {
  /** Empty where there is no image that could be named. */
  readonly image: string;
  /** Where it stands in the object; empty where the request itself is to blame. */
  readonly field: string;
  readonly reason: string;
  readonly msg: string;
}

const enforcements = ["deny", "warn", "audit"] as const;

/**
 * Reads what OPA's wasm gives for the entrypoint: exactly one result, an object
 * `{scope, violations: [{image, field, reason, msg}], enforcement}`; an entrypoint that is undefined gives no result at
 * all.
 *
 * @param results the SDK's result set, any value.
 * @returns the decision, or in a sentence why there is none; nothing is thrown.
 */
export function readDecision(results: unknown): WasmDecision | { readonly error: string } {
  if (!Array.isArray(results) || results.length !== 1) return failed("it is undefined", results);
  const decision: unknown = (results[0] as { result?: unknown } | null)?.result;
  if (!isObject(decision)) return failed("it is no object", decision);
  const { scope, violations } = decision;
  const enforcement = enforcements.find((known) => known === decision.enforcement);
  if (typeof scope !== "boolean" || !Array.isArray(violations) || enforcement === undefined) {
    return failed("it is not `{scope, violations, enforcement}`", decision);
  }
  const read: WasmViolation[] = [];
  for (const violation of violations as unknown[]) {
    if (!isObject(violation) || typeof violation.image !== "string" || typeof violation.msg !== "string") {
      return failed("a violation of it is not `{image, field, reason, msg}`", violation);
    }
    const { image, field, reason, msg } = violation;
    read.push({
      image,
      msg,
      field: typeof field === "string" ? field : "",
      reason: typeof reason === "string" ? reason : "",
    });
  }
  if (!scope && read.length > 0) {
    return failed("it has violations of a request that is out of its scope", decision);
  }
  return { scope, enforcement, violations: read };
}

function failed(why: string, value: unknown): { readonly error: string } {
  const text = JSON.stringify(value) ?? "nothing";
  const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  return { error: `the policy made no decision: ${why}: ${shown}` };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
