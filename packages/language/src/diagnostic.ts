import type { Place } from "./place.js";

/** What is wrong with something that a user wrote, where, and what to do about it. */
export interface Diagnostic extends Place {
  /** Stable, kebab-case: `unknown-field`, `pattern-without-registry`. Listed in the language reference. */
  readonly code: string;
  readonly severity: "error" | "warning";
  /** One lower-case sentence without a full stop, the user's words in backticks. */
  readonly message: string;
  /** What to do, on a line of its own. */
  readonly help: string;
}
