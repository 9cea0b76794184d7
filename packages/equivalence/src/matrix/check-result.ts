import type { EngineId } from "@registry-policy/engines";
import type { Enforcement, Location, Review } from "@registry-policy/language";
import type { Expectation } from "../fixtures/fixture.js";
import type { GeneratedRequests } from "../generated/index.js";
import type { PanelVerdict } from "./agreement.js";

/** Everything that a check found; each report is made from it alone. */
export interface CheckResult {
  /** Those that were asked, in the order of reports. */
  readonly engines: readonly AskedEngine[];
  readonly policies: readonly PolicyResult[];
  readonly summary: CheckSummary;
}

export interface AskedEngine {
  readonly name: EngineId;
  readonly title: string;
  readonly version: string;
}

export interface PolicyResult {
  readonly name: string;
  readonly file: string;
  readonly enforcement: Enforcement;
  readonly cases: readonly CaseResult[];
  /** Absent where no requests were generated. */
  readonly generated?: GeneratedResult;
}

/** What became of the requests that were generated for a policy. */
export interface GeneratedResult {
  readonly requests: number;
  /** How many of them some engine was asked about together, and in how many. */
  readonly combined: { readonly requests: number; readonly into: number };
  readonly leftOut: GeneratedRequests["leftOut"];
  /** Why no images are made of the policy's patterns. */
  readonly problem?: string;
  /** Those about which not everybody agrees, the plainest first. */
  readonly disagreements: readonly CaseResult[];
}

export interface CaseResult {
  readonly name: string;
  readonly location: Location;
  readonly expect: Expectation;
  readonly review: Review;
  readonly reference: PanelVerdict;
  /** By engine; one that was not asked is not there. */
  readonly engines: ReadonlyMap<EngineId, PanelVerdict>;
  /** What the reference evaluator decided otherwise than is expected, one sentence each. */
  readonly failures: readonly string[];
  /** By engine, how it does not agree with the reference evaluator, one sentence each; only those that do not. */
  readonly disagreements: ReadonlyMap<EngineId, readonly string[]>;
}

export interface CheckSummary {
  readonly cases: number;
  /** Cases about which some engine does not agree with the reference evaluator. */
  readonly disagreements: number;
  /** Cases that the reference evaluator decides otherwise than is expected. */
  readonly failures: number;
}

/** Whether a case is as expected and every engine agrees. */
export function isOk({ failures, disagreements }: CaseResult): boolean {
  return failures.length === 0 && disagreements.size === 0;
}
