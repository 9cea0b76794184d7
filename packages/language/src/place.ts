import type { Location } from "./location.js";

/** A stretch of one line of what a user wrote, with what a diagnostic shows of it. */
export interface Place {
  readonly location: Location;
  /** How many characters the caret underlines, at least 1. */
  readonly length: number;
  /** The line of the source that `location` points to, as it stands in the file. */
  readonly sourceLine: string;
}
