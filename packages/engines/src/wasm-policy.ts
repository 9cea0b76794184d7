import { createRequire } from "node:module";
import type { WasmPolicy } from "./read-bundle.js";

// The SDK's module for `import` leaves this function out, which its types promise; the one for `require` has it.
const { loadPolicySync } = createRequire(import.meta.url)(
  "@open-policy-agent/opa-wasm",
) as typeof import("@open-policy-agent/opa-wasm");

/** The part of the global that is needed here; the ES library has no types for it. */
declare const WebAssembly: { readonly Module: new (bytes: Uint8Array) => CompiledWasm };

/** Compiled wasm, of which any number of policies can be opened. */
export type CompiledWasm = object;

/** The rule that the bundle is compiled for. */
const entrypoint = "kubernetes/admission/decision";

/** What an instance may grow by before it is replaced: wasm's memory never shrinks. In bytes. */
const maximumGrowth = 64 * 1024 * 1024;

/** What is used of the SDK's LoadedPolicy, which types nearly everything as `any`. */
interface Instance {
  readonly entrypoints: Readonly<Record<string, number>>;
  readonly mem: { readonly buffer: ArrayBuffer };
  evaluate(input: unknown, entrypoint: string): unknown;
}

/** A policy in OPA's wasm, with its data. */
export interface OpenWasm {
  /**
   * Evaluates the entrypoint.
   *
   * @param input any JSON value; a string is the text of one.
   * @returns the SDK's result set, to be read by `readDecision`.
   * @throws Error with what OPA said, where the wasm trapped; the next evaluation begins with a new instance.
   */
  evaluate(input: object | string): unknown;
}

/**
 * Compiles wasm.
 *
 * @throws Error if the bytes are no WebAssembly.
 */
export function compileWasm(bytes: Uint8Array): CompiledWasm {
  return new WebAssembly.Module(bytes);
}

/**
 * Makes an instance of a policy's wasm with its data.
 *
 * @param compiled of the policy's `wasm`, where there is one already.
 * @throws Error if it is no wasm of OPA's, or does not have the entrypoint.
 */
export function openWasm(policy: WasmPolicy, compiled: CompiledWasm = compileWasm(policy.wasm)): OpenWasm {
  const create = (): Instance => {
    const created = loadPolicySync(compiled) as unknown as Instance & { setData(data: unknown): void };
    created.setData(policy.data);
    return created;
  };
  let instance: Instance | undefined;
  try {
    instance = create();
  } catch (thrown) {
    throw new Error(wordsOf(thrown), { cause: thrown });
  }
  if (!Object.hasOwn(instance.entrypoints, entrypoint)) {
    throw new Error(`the policy was not compiled for the entrypoint \`${entrypoint}\``);
  }
  const sizeAtFirst = instance.mem.buffer.byteLength;
  return {
    evaluate(input) {
      try {
        instance ??= create();
        const results = instance.evaluate(typeof input === "string" ? bytesOf(input) : input, entrypoint);
        if (instance.mem.buffer.byteLength > sizeAtFirst + maximumGrowth) instance = undefined;
        return results;
      } catch (thrown) {
        // The trap may have come in the middle of a write to the instance's memory.
        instance = undefined;
        throw new Error(wordsOf(thrown), { cause: thrown });
      }
    },
  };
}

/** What the SDK takes for JSON that is written already. */
function bytesOf(json: string): ArrayBuffer {
  const { buffer, byteLength } = new TextEncoder().encode(json);
  return buffer.byteLength === byteLength ? buffer : buffer.slice(0, byteLength);
}

/** The SDK throws strings, and objects that are no errors, besides errors. */
function wordsOf(thrown: unknown): string {
  if (typeof thrown === "string") return thrown;
  const { message } = (thrown ?? {}) as { message?: unknown };
  return typeof message === "string" ? message : (JSON.stringify(thrown) ?? String(thrown));
}
