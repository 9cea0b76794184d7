import { setImmediate } from "node:timers/promises";
import type { Review } from "@registry-policy/language";
import type { Engine, EngineVerdict, LoadedPolicy, PolicyFile } from "./engine.js";
import { PolicyRefused } from "./policy-refused.js";
import { readBundle } from "./read-bundle.js";
import { verdictOfDecision } from "./verdict-of-decision.js";
import { type OpenWasm, openWasm } from "./wasm-policy.js";
import { wasmSdkVersion } from "./wasm-sdk-version.js";

const engine = "opa";

/** How many reviews are judged before other work of this process gets its turn. */
const reviewsInOneTurn = 256;

/** OPA's wasm, as any program embeds it with OPA's own SDK. */
export function wasmEngine(): Engine {
  return { id: engine, version: wasmSdkVersion, load };
}

async function load(files: readonly PolicyFile[]): Promise<LoadedPolicy> {
  const policy = open(files);

  const judgeOne = (review: Review): EngineVerdict => {
    const started = process.hrtime.bigint();
    const said = decide(review);
    return { engine, engineVersion: wasmSdkVersion, ...said, durationNs: Number(process.hrtime.bigint() - started) };
  };
  const decide = (review: Review) => {
    try {
      return verdictOfDecision(policy.evaluate(inputOf(review)));
    } catch (error) {
      return { verdict: "error", images: [], messages: [], error: `OPA stopped: ${(error as Error).message}` } as const;
    }
  };

  return {
    engine,
    warnings: [],
    async judge(reviews) {
      const verdicts: EngineVerdict[] = [];
      for (const review of reviews) {
        if (verdicts.length > 0 && verdicts.length % reviewsInOneTurn === 0) await setImmediate();
        verdicts.push(judgeOne(review));
      }
      return verdicts;
    },
    // What the garbage collector cannot reach any more is all that there is to forget.
    async unload() {},
  };
}

function open(files: readonly PolicyFile[]): OpenWasm {
  try {
    return openWasm(readBundle(files));
  } catch (error) {
    throw new PolicyRefused(engine, (error as Error).message);
  }
}

/** The input document: the request, and the labels of its namespace where they are known. */
function inputOf({ request, namespaceLabels }: Review): object {
  return namespaceLabels === null ? { request } : { request, namespaceLabels };
}
