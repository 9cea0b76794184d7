import { compilePolicies, loadTemplates, targets } from "@registry-policy/compiler";
import type { Engine, EngineId } from "@registry-policy/engines";
import type { Policy, RawPolicy, Review } from "@registry-policy/language";
import fc from "fast-check";
import { admissionReview, type RequestParts, uidOf } from "../fixtures/admission-review.js";
import { disagreements } from "../matrix/agreement.js";
import { engineParts } from "../matrix/judged-by.js";
import { type Judgement, openPanel, type Panel } from "../matrix/panel.js";
import { policyArbitrary } from "./policy-arbitrary.js";
import { requestArbitrary } from "./request-arbitrary.js";

export interface FuzzOptions {
  /** How many pairs of a policy and a request are judged. */
  readonly pairs: number;
  /** Decides about everything that is generated. */
  readonly seed: number;
  readonly engines: readonly Engine[];
  /** With how many requests each policy is judged; 50 if it is not said. */
  readonly requestsPerPolicy?: number;
  /** After how many disagreements to stop; 1 if it is not said. */
  readonly maximumDisagreements?: number;
  readonly progress?: (done: number) => void;
}

/** A pair about which an engine does not agree with the reference evaluator. */
export interface FuzzDisagreement {
  readonly raw: RawPolicy;
  readonly parts: RequestParts;
  readonly engine: EngineId;
  /** How it does not agree, one sentence each. */
  readonly sentences: readonly string[];
}

export interface FuzzResult {
  readonly pairs: number;
  readonly policies: number;
  /** How often the reference evaluator gave each verdict: a run in which everything is refused shows little. */
  readonly verdicts: Readonly<Record<string, number>>;
  /** Policies that a target refused by name, by target. */
  readonly refused: Readonly<Record<string, number>>;
  readonly disagreements: readonly FuzzDisagreement[];
}

/**
 * Judges generated requests with generated policies on every engine.
 *
 * @throws HostError if the engine host fails.
 */
export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const { pairs, seed, engines, requestsPerPolicy = 50, maximumDisagreements = 1, progress = () => {} } = options;
  const verdicts: Record<string, number> = {};
  const refused: Record<string, number> = {};
  const found: FuzzDisagreement[] = [];
  let done = 0;
  let policies = 0;
  while (done < pairs && found.length < maximumDisagreements) {
    const policySeed = mix(seed, policies);
    policies += 1;
    const [generated] = fc.sample(policyArbitrary, { seed: policySeed, numRuns: 1 });
    if (generated === undefined) continue;
    const { raw, policy } = generated;
    const count = Math.min(requestsPerPolicy, pairs - done);
    const parts = fc.sample(requestArbitrary(policy), { seed: policySeed, numRuns: count });
    const reviews = parts.map(reviewOf);
    const opened = await openCompiled(policy, engines);
    for (const target of opened.refused) refused[target] = (refused[target] ?? 0) + 1;
    try {
      const judgements = await opened.panel.judge(reviews);
      for (const [index, judgement] of judgements.entries()) {
        const { verdict } = judgement.reference;
        verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
        const part = parts[index];
        if (part === undefined) continue;
        for (const [engine, sentences] of broken(judgement)) found.push({ raw, parts: part, engine, sentences });
      }
    } finally {
      await opened.panel.close();
    }
    done += count;
    progress(done);
  }
  return { pairs: done, policies, verdicts, refused, disagreements: found };
}

/** What of a judgement an engine does not agree about, by engine. */
export function broken({ reference, engines }: Judgement): [EngineId, string[]][] {
  return [...engines].flatMap(([id, verdict]): [EngineId, string[]][] => {
    const sentences = disagreements(reference, verdict, engineParts[id].namesImages);
    return sentences.length === 0 ? [] : [[id, sentences]];
  });
}

const templates = loadTemplates();

/** Loads what is emitted for a policy; an engine whose target refuses the policy by name is left out. */
export async function openCompiled(
  policy: Policy,
  engines: readonly Engine[],
): Promise<{ readonly panel: Panel; readonly refused: readonly string[] }> {
  const wanted = targets.filter(({ id }) => engines.some((engine) => engineParts[engine.id].target === id));
  const emissions = wanted.map((target) => ({
    target,
    ...compilePolicies([policy], { targets: [target], templates }),
  }));
  const refused = emissions
    .filter(({ diagnostics }) => diagnostics.some(({ severity }) => severity === "error"))
    .map(({ target }) => target.id);
  const able = engines.filter(({ id }) => !refused.includes(engineParts[id].target));
  const artifacts = emissions.flatMap((emission) => emission.artifacts);
  return { panel: await openPanel(policy, artifacts, able), refused };
}

/** @throws Error for parts that are no request: the generators make none. */
export function reviewOf(parts: RequestParts, index = 0): Review {
  const reviewed = admissionReview(parts, uidOf(index));
  if ("problem" in reviewed) throw new Error(`${reviewed.problem.message}: ${JSON.stringify(parts)}`);
  return reviewed.review;
}

/** One seed for each policy, so that a run can be begun in its middle (splitmix32's finaliser). */
function mix(seed: number, index: number): number {
  let mixed = (seed + Math.imul(index + 1, 0x9e3779b9)) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) | 0;
}
