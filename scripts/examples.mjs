// Writes the generated artifacts of every example anew, and then what the documents show of them.
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { command, fail, root, setUp } from "./setup.mjs";

const program = join(root, "packages/cli/dist/main.js");

async function writeExamples() {
  for (const name of readdirSync(join(root, "examples"))) {
    const folder = join("examples", name);
    // What no target writes any more goes.
    rmSync(join(root, folder, "generated"), { recursive: true, force: true });
    await command(process.execPath, [
      program,
      "generate",
      join(folder, "policy.yaml"),
      "-o",
      join(folder, "generated"),
    ]);
  }
  await command(process.execPath, [join(root, "scripts/readme.mjs")]);
}

await setUp().then(writeExamples).catch(fail);
