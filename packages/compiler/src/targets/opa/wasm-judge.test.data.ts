import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { evaluate, type Policy, parsePolicies, type Review } from "@registry-policy/language";
import { policyData } from "./policy-data.js";

// The SDK's module for `import` leaves this function out, which its types promise; the one for `require` has it.
const { loadPolicySync } = createRequire(import.meta.url)(
  "@open-policy-agent/opa-wasm",
) as typeof import("@open-policy-agent/opa-wasm");

/** The part of the global that is needed here; the ES library has no types for it. */
declare const WebAssembly: { readonly Module: new (bytes: Uint8Array) => object };

/** What the wasm says of a request. */
export interface WasmDecision {
  readonly scope: boolean;
  readonly violations: readonly { image: string; field: string; reason: string; msg: string }[];
  readonly enforcement: string;
}

const module = new WebAssembly.Module(readFileSync(new URL("policy.wasm", import.meta.url)));

/** The wasm with the data of some policies, through the npm SDK. */
export function wasmJudge(...policies: readonly Policy[]): (input: unknown) => WasmDecision {
  return wasmWithData({
    registry_policy: { policies: Object.fromEntries(policies.map((policy) => [policy.name, policyData(policy)])) },
  });
}

/** The wasm with any data. */
export function wasmWithData(data: object): (input: unknown) => WasmDecision {
  const loaded = loadPolicySync(module);
  loaded.setData(data);
  return (input) => {
    const results: { result: WasmDecision }[] = loaded.evaluate(input);
    if (results?.length !== 1) throw new Error(`no decision: ${JSON.stringify(results)}`);
    return (results as [{ result: WasmDecision }])[0].result;
  };
}

/** What a webhook sends, with the labels of the namespace beside it where they are known. */
export function inputOf({ request, namespaceLabels }: Review): object {
  return { request, ...(namespaceLabels !== null && { namespaceLabels }) };
}

/** What the reference evaluator says, in the words of the wasm. */
export function referenceDecision(
  policy: Policy,
  review: Review,
): Omit<WasmDecision, "violations"> & { violations: object[] } {
  const { verdict, violations } = evaluate(policy, review);
  return { scope: verdict !== "out-of-scope", violations: [...violations], enforcement: policy.enforcement };
}

export function withoutMessages({ scope, violations, enforcement }: WasmDecision) {
  return { scope, violations: violations.map(({ image, field, reason }) => ({ image, field, reason })), enforcement };
}

/** The policy of a `spec`. Throws with the diagnostics where it has errors. */
export function policyOf(spec: object, metadata: object = { name: "trusted-registries" }): Policy {
  const { policies, diagnostics } = parse(spec, metadata);
  const [policy] = policies;
  if (policy === undefined) throw new Error(JSON.stringify(diagnostics, null, 2));
  return policy;
}

/** The policy of a `spec` that may not be valid. */
export function tryPolicyOf(spec: object): Policy | undefined {
  return parse(spec, { name: "trusted-registries" }).policies[0];
}

function parse(spec: object, metadata: object) {
  const document = { apiVersion: "registry-policy.dev/v1", kind: "RegistryPolicy", metadata, spec };
  return parsePolicies({ file: "policy.yaml", text: JSON.stringify(document) });
}

/** A review of a Pod that is created with these images. */
export function podReview(...images: readonly unknown[]): Review {
  return objectReview({ spec: { containers: images.map((image, index) => ({ name: `c${index}`, image })) } });
}

/** A review of an object that is created, by default a Pod's. */
export function objectReview(
  object: unknown,
  request: object = {},
  namespaceLabels: Review["namespaceLabels"] = null,
): Review {
  return {
    request: {
      uid: "1",
      operation: "CREATE",
      kind: { group: "", version: "v1", kind: "Pod" },
      resource: { group: "", version: "v1", resource: "pods" },
      namespace: "default",
      userInfo: {},
      object,
      ...request,
    },
    namespaceLabels,
  };
}
