/** What a run of the command ends with. */
export const exitCodes = {
  ok: 0,
  /** A crash, or a command line or an input that cannot be used. */
  usage: 1,
  /** A policy is invalid, or a target cannot say it. */
  invalidPolicy: 2,
  /** Fixtures failed or are invalid, what is committed is stale, or a policy changed as `diff --fail-on` names. */
  failed: 3,
  /** Engines disagree. */
  disagreement: 4,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
