import { setImmediate } from "node:timers/promises";
import { type Engine, type EngineId, engines as engineFacts } from "@registry-policy/engines";
import type { PolicyCases } from "../files/assign-fixtures.js";
import type { FixtureCase } from "../fixtures/fixture.js";
import type { GeneratedRequests } from "../generated/index.js";
import { disagreements } from "./agreement.js";
import { type CaseResult, type CheckResult, isOk, type PolicyResult } from "./check-result.js";
import { combinedResults, countCombined } from "./combined-results.js";
import { expectationFailures } from "./expectation.js";
import { engineParts } from "./judged-by.js";
import { type EmittedFile, type Judgement, openPanel, type Panel } from "./panel.js";

/** A policy, its cases, and what was emitted for it. */
export interface PolicyToCheck extends PolicyCases {
  readonly emitted: readonly EmittedFile[];
  /** Makes requests to judge beside the cases, the same ones each time; absent: none were asked for. */
  readonly generate?: () => GeneratedRequests;
}

/** Told after each policy, how many are done. */
export type Progress = (done: number, total: number) => void;

/**
 * The matrix: judges every case of every policy on every engine and on the reference evaluator.
 *
 * @throws HostError if the engine host fails.
 */
export async function checkPolicies(
  policies: readonly PolicyToCheck[],
  engines: readonly Engine[],
  progress: Progress = () => {},
): Promise<CheckResult> {
  const results: PolicyResult[] = [];
  const ready = (index: number) => {
    const policy = policies[index];
    const opening = policy === undefined ? undefined : openPolicy(policy, engines);
    // It fails where it is waited for; until then the policy before it may have failed, of which is told.
    opening?.catch(() => {});
    return opening;
  };
  for (let opening = ready(0); opening !== undefined; ) {
    const judging = judgePolicy(await opening);
    // The engines compile the next policy while they judge this one.
    opening = ready(results.length + 1);
    results.push(await judging);
    progress(results.length, policies.length);
  }
  const cases = results.flatMap((result) => result.cases);
  return {
    engines: engines.map(({ id, version }) => ({ name: id, title: engineFacts[id].title, version })),
    policies: results,
    summary: {
      cases: cases.length,
      disagreements: cases.filter((result) => result.disagreements.size > 0).length,
      failures: cases.filter((result) => result.failures.length > 0).length,
    },
  };
}

/** A policy that the engines have compiled, with the requests that were generated for it. */
interface OpenPolicy {
  readonly policy: PolicyToCheck;
  readonly panel: Panel;
  readonly generated: GeneratedRequests | undefined;
}

async function openPolicy(policy: PolicyToCheck, engines: readonly Engine[]): Promise<OpenPolicy> {
  const opening = openPanel(policy.found.policy, policy.emitted, engines);
  // The engines, which are asked about the policy before at the end of this turn, judge it and compile this one meanwhile.
  const generating = setImmediate().then(() => policy.generate?.());
  const [panel, generated] = await Promise.all([opening, generating]);
  return { policy, panel, generated };
}

async function judgePolicy({ policy: { found, cases }, panel, generated }: OpenPolicy): Promise<PolicyResult> {
  const { policy, file } = found;
  try {
    const single = [...cases, ...(generated?.cases ?? [])];
    const combined = generated?.combined ?? [];
    const judgements = await panel.judge(
      single.map(({ review }) => review),
      combined.map(({ review, of }) => ({ review, of: of.map((one) => one.review) })),
    );
    const results = single.map((fixture, index) => compare(fixture, judgements[index] as Judgement));
    const together = judgements.slice(single.length);
    return {
      name: policy.name,
      file,
      enforcement: policy.enforcement,
      cases: results.slice(0, cases.length),
      ...(generated !== undefined && {
        generated: {
          requests: generated.cases.length,
          combined: countCombined(combined, together),
          leftOut: generated.leftOut,
          ...(generated.problem !== undefined && { problem: generated.problem }),
          disagreements: [...results.slice(cases.length), ...combinedResults(combined, together, results)]
            .filter((result) => !isOk(result))
            .sort((one, other) => one.name.length - other.name.length),
        },
      }),
    };
  } finally {
    await panel.close();
  }
}

function compare({ name, location, expect, review }: FixtureCase, judgement: Judgement): CaseResult {
  const { decision, reference, engines } = judgement;
  const broken = [...engines].flatMap(([id, verdict]): [EngineId, string[]][] => {
    const sentences = disagreements(reference, verdict, engineParts[id].namesImages);
    return sentences.length === 0 ? [] : [[id, sentences]];
  });
  return {
    name,
    location,
    expect,
    review,
    reference,
    engines,
    failures: expectationFailures(expect, decision),
    disagreements: new Map(broken),
  };
}
