import { createRequire } from "node:module";
import { setImmediate } from "node:timers/promises";
import type { Review } from "@registry-policy/language";
import type { Engine, EngineVerdict, LoadedPolicy, PolicyFile } from "./engine.js";
import { PolicyRefused } from "./policy-refused.js";
import { readBundle, type WasmPolicy } from "./read-bundle.js";
import { verdictOfDecision } from "./verdict-of-decision.js";
import { wasmSdkVersion } from "./wasm-sdk-version.js";

// The SDK's module for `import` leaves this function out, which its types promise; the one for `require` has it.
const { loadPolicySync } = createRequire(import.meta.url)(
  "@open-policy-agent/opa-wasm",
) as typeof import("@open-policy-agent/opa-wasm");

/** The part of the global that is needed here; the ES library has no types for it. */
declare const WebAssembly: { readonly Module: new (bytes: Uint8Array) => CompiledModule };
type CompiledModule = object;

const engine = "opa";

/** The rule that the bundle is compiled for. */
const entrypoint = "kubernetes/admission/decision";

/** How many reviews are judged before other work of this process gets its turn. */
const reviewsInOneTurn = 256;

/** What is used of the SDK's LoadedPolicy, which types nearly everything as `any`. */
interface Instance {
  readonly entrypoints: Readonly<Record<string, number>>;
  evaluate(input: unknown, entrypoint: string): unknown;
}

/** OPA's wasm, as any program embeds it with OPA's own SDK. */
export function wasmEngine(): Engine {
  return { id: engine, version: wasmSdkVersion, load };
}

async function load(files: readonly PolicyFile[]): Promise<LoadedPolicy> {
  const { create, first } = prepare(files);
  let instance: Instance | undefined = first;

  const judgeOne = (review: Review): EngineVerdict => {
    const started = process.hrtime.bigint();
    const said = decide(review);
    return { engine, engineVersion: wasmSdkVersion, ...said, durationNs: Number(process.hrtime.bigint() - started) };
  };
  const decide = (review: Review) => {
    try {
      instance ??= create();
      return verdictOfDecision(instance.evaluate(inputOf(review), entrypoint));
    } catch (thrown) {
      // The trap may have come in the middle of a write to the instance's memory.
      instance = undefined;
      return { verdict: "error", images: [], messages: [], error: `OPA stopped: ${wordsOf(thrown)}` } as const;
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
    async unload() {
      instance = undefined;
    },
  };
}

/** Compiles the policy once; each instance after that is made of the same module. */
function prepare(files: readonly PolicyFile[]): { create: () => Instance; first: Instance } {
  try {
    const policy = readBundle(files);
    const module = new WebAssembly.Module(policy.wasm);
    const create = (): Instance => instantiate(module, policy.data);
    const first = create();
    if (!Object.hasOwn(first.entrypoints, entrypoint)) {
      throw new Error(`the policy was not compiled for the entrypoint \`${entrypoint}\``);
    }
    return { create, first };
  } catch (thrown) {
    throw new PolicyRefused(engine, wordsOf(thrown));
  }
}

function instantiate(module: CompiledModule, data: WasmPolicy["data"]): Instance {
  const instance = loadPolicySync(module);
  instance.setData(data);
  return instance;
}

/** The input document: the request, and the labels of its namespace where they are known. */
function inputOf({ request, namespaceLabels }: Review): object {
  return namespaceLabels === null ? { request } : { request, namespaceLabels };
}

/** The SDK throws strings, and objects that are no errors, besides errors. */
function wordsOf(thrown: unknown): string {
  if (typeof thrown === "string") return thrown;
  const { message } = (thrown ?? {}) as { message?: unknown };
  return typeof message === "string" ? message : (JSON.stringify(thrown) ?? String(thrown));
}
