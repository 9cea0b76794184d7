import type { Judgement } from "./judgement.js";

/** What a set of judgements makes of a request, in the words that a person gets to read. */
export interface Outcome {
  readonly allowed: boolean;
  /** Why it is refused; empty where it is not. */
  readonly message: string;
  /** A sentence for each violation of a policy that warns. */
  readonly warnings: readonly string[];
  /** By policy, the violations of one that records. */
  readonly records: Readonly<Record<string, string>>;
  /** Whether some policy could not decide. */
  readonly hasFailed: boolean;
}

/** Of one policy's violations, so many are spelt out: an object may have thousands. */
const shownViolations = 10;

/** The API server cuts a warning off at 256 bytes where all of them are long: k8s.io/apiserver pkg/warning and
 * pkg/endpoints/filters/warning.go. A few whole ones say more. */
const shownWarnings = 10;

/** One refusing policy is enough; one that could not decide refuses, whatever its enforcement. */
export function outcomeOf(judgements: readonly Judgement[]): Outcome {
  const refusing = judgements.filter(({ verdict }) => verdict === "deny" || verdict === "error");
  const audited = judgements.filter(({ verdict }) => verdict === "audit");
  const warnings = judgements.filter(({ verdict }) => verdict === "warn").flatMap(sentences);
  return {
    allowed: refusing.length === 0,
    message: refusing.flatMap(sentences).join("; "),
    warnings: limited(warnings, shownWarnings, "warnings"),
    records: Object.fromEntries(audited.map((judgement) => [judgement.policy, sentences(judgement).join("; ")])),
    hasFailed: refusing.some(({ verdict }) => verdict === "error"),
  };
}

/** What a policy says, each sentence beginning with what it is about. */
function sentences({ policy, violations, error }: Judgement): readonly string[] {
  if (error !== undefined) return [`policy ${policy} could not judge the request: ${error}`];
  const messages = violations.map(({ msg }) => msg);
  return limited(messages, shownViolations, `violations of policy ${policy}`);
}

function limited(texts: readonly string[], most: number, what: string): readonly string[] {
  if (texts.length <= most) return texts;
  return [...texts.slice(0, most), `and ${texts.length - most} more ${what}`];
}
