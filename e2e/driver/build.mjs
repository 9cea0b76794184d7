// Builds what an e2e run starts, once: each binary again only if the module that it is of has changed.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { differentVersions } from "./different-versions.mjs";

const e2e = fileURLToPath(new URL("..", import.meta.url));
const host = join(e2e, "../packages/engines/host");
const suffix = process.platform === "win32" ? ".exe" : "";

export const clusterModule = join(e2e, "cluster");
export const logsFolder = join(e2e, "logs");
export const controlPlane = join(e2e, "bin", `control-plane${suffix}`);
export const kyverno = join(e2e, "bin", `kyverno${suffix}`);
export const gatekeeper = join(e2e, "bin", `gatekeeper${suffix}`);

const kubernetes = "k8s.io/component-base/version";
const packages = new Map([
  [controlPlane, { from: "./control-plane", ours: true }],
  [kyverno, { from: "github.com/kyverno/kyverno/cmd/kyverno" }],
  [gatekeeper, { from: "github.com/open-policy-agent/gatekeeper/v3" }],
]);

/**
 * Builds the binaries that are not there or are of another state of the module.
 *
 * @param {readonly string[]} binaries of those above.
 * @param {Set<() => Promise<void>>} cleanups what has to be done if the run is interrupted, as long as it has to be.
 * @throws if the module's versions are not those of the engine host, or Go fails.
 */
export async function build(binaries, cleanups) {
  const goMod = readFileSync(join(clusterModule, "go.mod"), "utf8");
  const different = differentVersions(goMod, readFileSync(join(host, "go.mod"), "utf8"));
  if (different.length > 0) {
    const help =
      "help: give e2e/cluster/go.mod the versions of packages/engines/host/go.mod, then run `go mod tidy` in it";
    throw new Error(`the e2e runs other versions than the engine host: ${different.join(", ")}\n${help}`);
  }
  mkdirSync(join(e2e, "bin"), { recursive: true });
  for (const binary of binaries) {
    const { from, ours = false } = packages.get(binary);
    const stamp = `${binary}.stamp`;
    const state = stateOf(ours);
    if (existsSync(binary) && existsSync(stamp) && readFileSync(stamp, "utf8") === state) continue;
    process.stderr.write(`e2e: building ${from} (minutes, the first time) …\n`);
    const release = /^\tk8s\.io\/kubernetes v(\d+)\.(\d+)\.(\d+)/m.exec(goMod);
    if (release === null) throw new Error("e2e/cluster/go.mod does not name k8s.io/kubernetes");
    const [, major, minor, patch] = release;
    const version = `-X ${kubernetes}.gitVersion=v${major}.${minor}.${patch} -X ${kubernetes}.gitMajor=${major} -X ${kubernetes}.gitMinor=${minor}`;
    const flags = ["-trimpath", `-ldflags=-s -w${ours ? ` ${version}` : ""}`];
    await runGo(["build", ...flags, "-o", binary, from], cleanups);
    writeFileSync(stamp, state);
  }
}

/** Runs Go, its words on standard error; interrupted, it ends. */
async function runGo(args, cleanups) {
  const child = spawn("go", args, { cwd: clusterModule, stdio: ["ignore", 2, 2] });
  const cleanUp = async () => child.kill();
  cleanups.add(cleanUp);
  try {
    await new Promise((resolve, reject) => {
      child.on("error", (error) => reject(new Error(`Go cannot be started: ${error.message}\nhelp: install it`)));
      child.on("exit", (code, signal) => {
        if (code === 0) resolve();
        else reject(new Error(`\`go ${args[0]}\` failed (${signal ?? `exit code ${code}`}); its words are above`));
      });
    });
  } finally {
    cleanups.delete(cleanUp);
  }
}

/** What a binary is made of: the versions, and of our own command the source. */
function stateOf(ours) {
  const sources = ours
    ? readdirSync(join(clusterModule, "control-plane"), { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join("control-plane", entry.name))
    : [];
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum", ...sources.sort()]) hash.update(readFileSync(join(clusterModule, file)));
  return hash.digest("hex");
}
