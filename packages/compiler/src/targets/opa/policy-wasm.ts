import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { BundleFront } from "./bundle-front.js";

/** The Rego of this target, compiled when the package was built. */
export interface PolicyWasm {
  readonly bytes: Uint8Array;
  /** The same, compressed for a bundle. */
  readonly front: BundleFront;
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
    const { rego, front } = JSON.parse(readFileSync(beside("policy.wasm.json"), "utf8"));
    if (typeof rego !== "string" || !Number.isInteger(front?.length) || !Number.isInteger(front?.checksum)) {
      throw new Error("`policy.wasm.json` does not say what `policy.wasm` was made of");
    }
    return {
      bytes: readFileSync(beside("policy.wasm")),
      front: { bytes: readFileSync(beside("policy.wasm.deflate")), length: front.length, checksum: front.checksum },
      rego,
    };
  } catch (error) {
    throw new Error("the package was built without its policy.wasm: run `npm run setup`", { cause: error });
  }
}

function beside(file: string): URL {
  return new URL(file, import.meta.url);
}
