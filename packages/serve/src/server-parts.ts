import type { Logger } from "pino";
import type { AnswerMetrics } from "./metrics.js";
import type { ServedPolicies } from "./served-policies.js";

/** What a server is told and asks while it runs. */
export interface ServerParts {
  /** Asked once for each review, so a review is judged by one set of policies. */
  readonly policies: () => ServedPolicies;
  readonly metrics: AnswerMetrics;
  readonly metricsText: () => Promise<string>;
  /** What is not as it should be on disk, for `/readyz`; empty where all is well. */
  readonly stale: () => readonly string[];
  readonly log: Logger;
}
