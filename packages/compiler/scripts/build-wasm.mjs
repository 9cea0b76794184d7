import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const rego = join(root, "templates/opa/policy.rego");
const hostSources = join(root, "packages/engines/host");
const folder = join(root, "packages/compiler/dist/targets/opa");
const wasm = join(folder, "policy.wasm");
const stamp = `${wasm}.json`;

/**
 * Compiles the Rego of the target `opa` to `dist/targets/opa/policy.wasm`, and writes beside it what it was made of.
 * Does nothing where that is what is there already.
 *
 * @param {string} host the path of `registry-policy-host`.
 * @returns {boolean} whether it was compiled.
 * @throws {Error} with what the host said, where the Rego does not compile.
 */
export function buildWasm(host) {
  const made = { rego: sha256(readFileSync(rego)), compiler: compilerHash() };
  if (isUpToDate(made)) return false;
  mkdirSync(folder, { recursive: true });
  const { status, stderr, error } = spawnSync(
    host,
    ["build-wasm", "--entrypoint", "kubernetes/admission/decision", "--out", wasm, rego],
    { encoding: "utf8" },
  );
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${rego} does not compile to wasm:\n${stderr}`);
  writeFileSync(stamp, `${JSON.stringify({ ...made, wasm: sha256(readFileSync(wasm)) }, null, 2)}\n`);
  return true;
}

/** What decides the wasm beside the Rego: the version of OPA, and how the host calls it. */
function compilerHash() {
  const sources = ["go.sum", ...readdirSync(join(hostSources, "wasm")).map((file) => `wasm/${file}`)].sort();
  return sha256(sources.map((file) => `${file}\n${sha256(readFileSync(join(hostSources, file)))}\n`).join(""));
}

function isUpToDate(made) {
  if (!existsSync(wasm) || !existsSync(stamp)) return false;
  const wasMade = JSON.stringify({ ...made, wasm: sha256(readFileSync(wasm)) }, null, 2);
  return readFileSync(stamp, "utf8").trim() === wasMade;
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
  console.error(buildWasm(host) ? "policy.wasm was compiled" : "policy.wasm is up to date");
}
