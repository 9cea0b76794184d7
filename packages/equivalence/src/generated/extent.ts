/** How much of what could be tried is tried. */
export interface Extent {
  /** How many more states an automaton may have that is told from the policy's. */
  readonly extraStates: number;
  /** Patterns that are taken apart, and images that are tried, of each policy. */
  readonly patterns: number;
  readonly images: number;
  /** Whether each image is tried in each field. */
  readonly everyField: boolean;
}

/** So little that nobody waits for it. */
export const usualExtent: Extent = { extraStates: 0, patterns: 16, images: 80, everyField: false };

/** For a run that may take its time. */
export const thoroughExtent: Extent = { extraStates: 1, patterns: 100, images: 1_000, everyField: true };
