import { gunzipSync } from "node:zlib";
import { parseTar } from "nanotar";
import type { PolicyFile } from "./engine.js";

/** What OPA's wasm runs: the compiled policy and its data. */
export interface WasmPolicy {
  readonly wasm: Uint8Array<ArrayBuffer>;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a bundle may hold unpacked, in bytes; the limit is there for archives made to explode. */
const maxBundleSize = 256 * 1024 * 1024;

/** What bundles hold that are still there: the same one is loaded, and read back for a proof. */
const bundles = new WeakMap<Uint8Array, WasmPolicy>();

/**
 * Reads a policy as OPA's bundles hold it: one `bundle.tar.gz`, or `policy.wasm` with or without `data.json`. Bytes are
 * read once.
 *
 * @throws Error if a file is of no use to the policy, is missing, given twice, or is not what its name says
 */
export function readBundle(files: readonly PolicyFile[]): WasmPolicy {
  const [first, ...others] = files;
  if (first === undefined || others.length > 0 || !first.name.endsWith(".tar.gz")) return readFiles(files);
  const bytes = bytesOf(first.content);
  const policy = bundles.get(bytes) ?? readFiles(unpack(bytes));
  bundles.set(bytes, policy);
  return policy;
}

function readFiles(files: readonly PolicyFile[]): WasmPolicy {
  const byName = new Map<string, Uint8Array>();
  for (const file of files) {
    const name = file.name.replace(/^(?:.*\/)?/, "");
    if (!["policy.wasm", "data.json", ".manifest"].includes(name)) {
      throw new Error(`${file.name}: a wasm policy has no such file, only policy.wasm, data.json and .manifest`);
    }
    if (byName.has(name)) throw new Error(`${file.name}: a second ${name}`);
    byName.set(name, bytesOf(file.content));
  }
  const wasm = byName.get("policy.wasm");
  if (wasm === undefined) throw new Error("there is no policy.wasm");
  const data = byName.get("data.json");
  return { wasm: new Uint8Array(wasm), data: data === undefined ? {} : readData(data) };
}

function unpack(bundle: Uint8Array): PolicyFile[] {
  const tar = gunzipSync(bundle, { maxOutputLength: maxBundleSize });
  return parseTar(tar)
    .filter((entry) => entry.type !== "directory")
    .map((entry) => ({ name: entry.name, content: entry.data ?? new Uint8Array() }));
}

/** Bytes as they are; a text is base64, which is how bytes go through JSON. */
function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? Buffer.from(content, "base64") : content;
}

function readData(bytes: Uint8Array): Record<string, unknown> {
  const data: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    throw new Error("data.json: the data must be an object");
  }
  return data as Record<string, unknown>;
}
