import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { ExecutionContext } from "ava";
import type { Artifact } from "../../target.js";

/** Compares texts with the files of a folder; `UPDATE_GOLDEN=1` writes them anew. Bundles are tested where they are made. */
export function assertGolden(t: ExecutionContext, folder: string, artifacts: readonly Artifact[]): void {
  const texts = artifacts.filter(({ content }) => typeof content === "string");
  if (process.env.UPDATE_GOLDEN === "1") {
    for (const { path, content } of texts) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
  }
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  t.deepEqual(texts.map(({ path }) => path).sort(), files.sort(), "the same files");
  for (const { path, content } of texts) t.is(content, readFileSync(join(folder, path), "utf8"), path);
}
