import type { WasmViolation } from "@registry-policy/engines";

/** What one policy says of one request. */
export interface Judgement {
  readonly policy: string;
  /** `error`: it could not decide, and so refuses. */
  readonly verdict: "allow" | "deny" | "warn" | "audit" | "out-of-scope" | "error";
  readonly violations: readonly WasmViolation[];
  /** Why it could not decide; only with the verdict `error`. */
  readonly error?: string;
}
