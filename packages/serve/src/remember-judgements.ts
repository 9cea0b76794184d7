import type { Judgement } from "./judgement.js";

/** Judgements of one generation; there are two. */
const mostRemembered = 256;
/** A longer input, or more violations, are judged anew: so all that is remembered is a few megabytes. */
const longestInput = 2_048;
const mostViolations = 8;

/**
 * Remembers what a policy said of an input. The same is asked again and again: the Pods of one ReplicaSet differ in nothing
 * that a policy can depend on. The whole text of the input is compared, and a policy's Rego knows nothing but its input and
 * its data, so what is remembered is what it would say.
 *
 * What could not be decided is tried anew.
 *
 * @param judge asked for what is not remembered.
 */
export function rememberJudgements(judge: (input: string) => Judgement): (input: string) => Judgement {
  let recent = new Map<string, Judgement>();
  let older = new Map<string, Judgement>();
  return (input) => {
    const known = recent.get(input);
    if (known !== undefined) return known;
    const judgement = older.get(input) ?? judge(input);
    const { verdict, violations } = judgement;
    if (verdict === "error" || violations.length > mostViolations || input.length > longestInput) return judgement;
    if (recent.size === mostRemembered) {
      older = recent;
      recent = new Map();
    }
    recent.set(input, judgement);
    return judgement;
  };
}
