import type { Location } from "./location.js";

/** What is wrong with something that a user wrote, where, and what to do about it. */
export interface Diagnostic {
  /** Stable, kebab-case: `unknown-field`, `pattern-without-registry`. Listed in the language reference. */
  readonly code: string;
  readonly severity: "error" | "warning";
  /** One lower-case sentence without a full stop, the user's words in backticks. */
  readonly message: string;
  readonly location: Location;
  /** How many characters the caret underlines, at least 1. */
  readonly length: number;
  /** The line of the source that `location` points to, as it stands in the file. */
  readonly sourceLine: string;
  /** What to do, on a line of its own. */
  readonly help: string;
}
