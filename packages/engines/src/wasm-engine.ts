import { setImmediate } from "node:timers/promises";
import type { Review } from "@registry-policy/language";
import type { Engine, EngineVerdict, LoadedPolicy, PolicyFile } from "./engine.js";
import { PolicyRefused } from "./policy-refused.js";
import { readBundle, type WasmPolicy } from "./read-bundle.js";
import { reviewText } from "./review-text.js";
import { verdictOfDecision } from "./verdict-of-decision.js";
import { type CompiledWasm, compileWasm, type OpenWasm, openWasm } from "./wasm-policy.js";
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
        // Before the first one too: the engine host gets what it is asked in a turn at the end of that turn.
        if (verdicts.length % reviewsInOneTurn === 0) await setImmediate();
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
    const policy = readBundle(files);
    return openWasm(policy, compiledOf(policy.wasm));
  } catch (error) {
    throw new PolicyRefused(engine, (error as Error).message);
  }
}

/** Policies differ in their data, and mostly have one wasm: what it was compiled to is kept, and what ran often stays fast. */
let lastCompiled: { readonly bytes: Uint8Array; readonly compiled: CompiledWasm } | undefined;

function compiledOf(bytes: WasmPolicy["wasm"]): CompiledWasm {
  if (lastCompiled === undefined || Buffer.compare(lastCompiled.bytes, bytes) !== 0) {
    lastCompiled = { bytes, compiled: compileWasm(bytes) };
  }
  return lastCompiled.compiled;
}

/** The input document: the request, and the labels of its namespace where they are known. */
function inputOf(review: Review): object | string {
  return review.namespaceLabels === null ? { request: review.request } : reviewText(review);
}
