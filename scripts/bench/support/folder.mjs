import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../setup.mjs";

/** The command as it is published. */
export const program = join(root, "packages/cli/bundle/main.js");

/** Runs something in a folder of its own, which is gone afterwards. */
export async function inFolder(run) {
  const folder = mkdtempSync(join(tmpdir(), "registry-policy-bench-"));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
