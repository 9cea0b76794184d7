import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const rego = join(root, "templates/opa/policy.rego");
const hostSources = join(root, "packages/engines/host");
const folder = join(root, "packages/compiler/dist/targets/opa");
const wasm = join(folder, "policy.wasm");
const compressed = `${wasm}.deflate`;
const stamp = `${wasm}.json`;
const compressor = ["bundle-front.js", "bundle-tar.js"].map((file) => join(folder, file));

/**
 * Compiles the Rego of the target `opa` to `dist/targets/opa/policy.wasm`, and writes beside it what it was made of, and
 * the same compressed as bundles begin with it. Does nothing where that is what is there already.
 *
 * @param {string} host the path of `registry-policy-host`.
 * @returns {Promise<boolean>} whether it was compiled.
 * @throws {Error} with what the host said, where the Rego does not compile.
 */
export async function buildWasm(host) {
  const made = { rego: sha256(readFileSync(rego)), compiler: compilerHash(), compressor: hashOf(compressor) };
  if (isUpToDate(made)) return false;
  mkdirSync(folder, { recursive: true });
  const { status, stderr, error } = spawnSync(
    host,
    ["build-wasm", "--entrypoint", "kubernetes/admission/decision", "--out", wasm, rego],
    { encoding: "utf8" },
  );
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${rego} does not compile to wasm:\n${stderr}`);
  const { compressFront } = await import(pathToFileURL(join(folder, "bundle-front.js")).href);
  const { bytes, length, checksum } = compressFront(readFileSync(wasm));
  writeFileSync(compressed, bytes);
  writeFileSync(
    stamp,
    `${JSON.stringify({ ...made, wasm: hashOf([wasm, compressed]), front: { length, checksum } }, null, 2)}\n`,
  );
  return true;
}

/** What decides the wasm beside the Rego: the version of OPA, and how the host calls it. */
function compilerHash() {
  const sources = ["go.sum", ...readdirSync(join(hostSources, "wasm")).map((file) => `wasm/${file}`)].sort();
  return sha256(sources.map((file) => `${file}\n${sha256(readFileSync(join(hostSources, file)))}\n`).join(""));
}

function isUpToDate(made) {
  if (![wasm, compressed, stamp].every((file) => existsSync(file))) return false;
  const { front, ...was } = JSON.parse(readFileSync(stamp, "utf8"));
  return front !== undefined && isDeepStrictEqual(was, { ...made, wasm: hashOf([wasm, compressed]) });
}

/** Of the bytes of files, one after the other. */
function hashOf(files) {
  return sha256(files.map((file) => sha256(readFileSync(file))).join(""));
}

function sha256(content) {
  return createHash("sha256").update(content).digest("hex");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [host, ...rest] = process.argv.slice(2);
  if (host === undefined || rest.length > 0) {
    console.error("usage: node scripts/build-wasm.mjs PATH-OF-REGISTRY-POLICY-HOST");
    process.exit(1);
  }
  console.error((await buildWasm(host)) ? "policy.wasm was compiled" : "policy.wasm is up to date");
}
