import { setImmediate } from "node:timers/promises";
import {
  type Engine,
  type EngineId,
  type LoadedPolicy,
  type PolicyFile,
  PolicyRefused,
} from "@registry-policy/engines";
import type { Decision, Policy, Review } from "@registry-policy/language";
import type { PanelVerdict } from "./agreement.js";
import { type Combination, judgeTogether } from "./judge-together.js";
import { engineParts } from "./judged-by.js";
import { referenceVerdict } from "./reference-verdict.js";

/** What everybody says of one request. */
export interface Judgement {
  readonly decision: Decision;
  readonly reference: PanelVerdict;
  /** By engine; one that was not asked is not there. */
  readonly engines: ReadonlyMap<EngineId, PanelVerdict>;
}

/** The reference evaluator and the engines, all with one policy. */
export interface Panel {
  /**
   * Judges requests, one judgement for each, in their order.
   *
   * @param combinations of some of the requests: those that the policy refuses for the engines that name images, the
   *   others for all engines; there is one judgement for each behind the others, with what those engines say.
   * @throws HostError if the engine host fails.
   */
  judge(reviews: readonly Review[], combinations?: readonly Combination[]): Promise<Judgement[]>;
  /** Lets the engines forget the policy. */
  close(): Promise<void>;
}

/** A file that was emitted, by its path: `gatekeeper/trusted-registries.yaml`. */
export interface EmittedFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/**
 * Loads what was emitted for one policy into engines. An engine that refuses it judges every request as an error.
 *
 * @throws HostError if the engine host fails.
 */
export async function openPanel(
  policy: Policy,
  emitted: readonly EmittedFile[],
  engines: readonly Engine[],
): Promise<Panel> {
  const loaded = await Promise.all(
    engines.map(async (engine) => ({ engine, policy: await load(engine, filesOf(engine.id, emitted)) })),
  );
  return {
    async judge(reviews, combinations = []) {
      // A request that passes passes with each of its images, whether or not refusals name them.
      const allowed = combinations.filter(({ review }) => referenceVerdict(policy, review).verdict.verdict === "allow");
      const judging = loaded.map(async ({ engine: { id }, policy: own }) => ({
        id,
        verdicts: await judgeTogether(
          (asked) => judgeAsked(id, own, policy, asked),
          policy,
          reviews,
          engineParts[id].namesImages ? combinations : allowed,
        ),
      }));
      const all = [...reviews, ...combinations.map(({ review }) => review)];
      // The host, which is asked at the end of this turn, judges meanwhile.
      const referring = setImmediate().then(() => all.map((review) => referenceVerdict(policy, review)));
      const [references, ...judged] = await Promise.all([referring, ...judging]);
      return all.map((review, index) => {
        const { verdict, decision } = references[index] as (typeof references)[number];
        const verdicts = judged.flatMap(({ id, verdicts }) => {
          const said = verdicts.get(review);
          return said === undefined ? [] : [[id, said] as const];
        });
        return { decision, reference: verdict, engines: new Map(verdicts) };
      });
    },
    async close() {
      for (const { policy } of loaded) if (!("refused" in policy)) await policy.unload();
    },
  };
}

type Loaded = LoadedPolicy | { readonly refused: string };

/** The files of an engine's own target, named as they are below the target's folder. */
function filesOf(id: EngineId, emitted: readonly EmittedFile[]): PolicyFile[] {
  const { target, reads } = engineParts[id];
  return emitted.flatMap(({ path, content }) => {
    if (!path.startsWith(`${target}/`)) return [];
    const name = path.slice(target.length + 1);
    return reads(name) ? [{ name, content }] : [];
  });
}

async function load(engine: Engine, files: readonly PolicyFile[]): Promise<Loaded> {
  try {
    return await engine.load(files);
  } catch (error) {
    if (error instanceof PolicyRefused) return { refused: error.message };
    throw error;
  }
}

/** `undefined` for a review about which the engine cannot be asked. */
async function judgeAsked(
  id: EngineId,
  loaded: Loaded,
  policy: Policy,
  reviews: readonly Review[],
): Promise<(PanelVerdict | undefined)[]> {
  const { looksNamespacesUp } = engineParts[id];
  const needsLabels =
    looksNamespacesUp === "always" ||
    (looksNamespacesUp === "to-select" && policy.match.namespaceSelector !== undefined);
  const asked = reviews.filter(({ namespaceLabels }) => !needsLabels || namespaceLabels !== null);
  if ("refused" in loaded) {
    const refused: PanelVerdict = { verdict: "error", images: [], messages: [], error: loaded.refused };
    return reviews.map((review) => (needsLabels && review.namespaceLabels === null ? undefined : refused));
  }
  const verdicts = (await loaded.judge(asked)).values();
  return reviews.map(({ namespaceLabels }) => {
    if (needsLabels && namespaceLabels === null) return undefined;
    const said = verdicts.next().value;
    if (said === undefined) return { verdict: "error", images: [], messages: [], error: "the engine gave no verdict" };
    const { verdict, images, messages, error, durationNs } = said;
    const named = images.filter((image) => image !== "");
    return { verdict, images: named, messages, durationNs, ...(error !== undefined && { error }) };
  });
}
