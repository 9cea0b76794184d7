import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** The Rego of this target, compiled when the package was built. */
export interface PolicyWasm {
  readonly bytes: Uint8Array;
  /** The SHA-256 of the Rego that it was compiled from, in hexadecimal digits. */
  readonly rego: string;
}

/**
 * Reads what `scripts/build-wasm.mjs` wrote beside this module, once.
 *
 * @throws where the package was not built: it says how to.
 */
export function policyWasm(): PolicyWasm {
  wasm ??= readPolicyWasm();
  return wasm;
}

let wasm: PolicyWasm | undefined;

/** The SHA-256 of a text in UTF-8, in hexadecimal digits. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function readPolicyWasm(): PolicyWasm {
  try {
    const { rego } = JSON.parse(readFileSync(new URL("policy.wasm.json", import.meta.url), "utf8"));
    if (typeof rego !== "string")
      throw new Error("`policy.wasm.json` does not say what `policy.wasm` was compiled from");
    return { bytes: readFileSync(new URL("policy.wasm", import.meta.url)), rego };
  } catch (error) {
    throw new Error("the package was built without its policy.wasm: run `npm run setup`", { cause: error });
  }
}
