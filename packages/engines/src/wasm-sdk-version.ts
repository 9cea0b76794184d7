import { readFileSync } from "node:fs";

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  dependencies: { "@open-policy-agent/opa-wasm": string };
};

/** The version of OPA's SDK, which this package pins exactly. */
export const wasmSdkVersion = `v${manifest.dependencies["@open-policy-agent/opa-wasm"]}`;
