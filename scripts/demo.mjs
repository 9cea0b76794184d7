// Sets up if need be, and shows one example: its fixtures on every engine.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fail, root, setUp } from "./setup.mjs";

const example = "examples/bank";

function demo() {
  process.stderr.write(`\n$ registry-policy check ${example}\n\n`);
  const args = [join(root, "packages/cli/dist/main.js"), "check", example];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  process.exitCode = status ?? 1;
}

await setUp().then(demo).catch(fail);
