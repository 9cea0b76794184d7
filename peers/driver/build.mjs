// Builds the engines' own commands from their Go modules, once: again only if the versions have changed.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { differentVersions } from "../../e2e/driver/different-versions.mjs";
import { command, root } from "../../scripts/setup.mjs";

const folder = join(root, "peers");
const packages = {
  "kubectl-kyverno": "github.com/kyverno/kyverno/cmd/cli/kubectl-kyverno",
  gator: "github.com/open-policy-agent/gatekeeper/v3/cmd/gator",
  opa: "github.com/open-policy-agent/opa",
};

/** Where the command of that name is once it is built. */
export function peer(name) {
  return join(folder, "bin", process.platform === "win32" ? `${name}.exe` : name);
}

/**
 * Builds the commands that are not there or are of other versions.
 *
 * @throws if the versions are not those of the engine host, or Go fails.
 */
export async function build() {
  const goMod = readFileSync(join(folder, "go.mod"), "utf8");
  const different = differentVersions(goMod, readFileSync(join(root, "packages/engines/host/go.mod"), "utf8"));
  if (different.length > 0) {
    const help = "help: give peers/go.mod the versions of packages/engines/host/go.mod, then run `go mod tidy` in it";
    throw new Error(`the peers are of other versions than the engine host: ${different.join(", ")}\n${help}`);
  }
  mkdirSync(join(folder, "bin"), { recursive: true });
  const state = createHash("sha256")
    .update(goMod)
    .update(readFileSync(join(folder, "go.sum")))
    .digest("hex");
  for (const [name, from] of Object.entries(packages)) {
    const stamp = `${peer(name)}.stamp`;
    if (existsSync(peer(name)) && existsSync(stamp) && readFileSync(stamp, "utf8") === state) continue;
    process.stderr.write(`peers: building ${from} (minutes, the first time) …\n`);
    await command("go", ["build", "-trimpath", "-ldflags=-s -w", "-o", peer(name), from], folder);
    writeFileSync(stamp, state);
  }
}
