import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ComparedFile } from "@registry-policy/equivalence";
import { UsageError } from "./usage-error.js";

/**
 * Reads the files of one side of a comparison: a file, or the YAML, JSON and Rego of a directory.
 *
 * @throws InputError for a path that cannot be read, UsageError for a file of a directory of which nothing is left: it
 *   may have been the policy that makes the difference.
 */
export async function readComparedFiles(path: string): Promise<ComparedFile[]> {
  const { listFiles, readText } = await import("@registry-policy/equivalence/files");
  const found = await listFiles([path]);
  const files = await Promise.all(found.map(async ({ path }) => ({ path, text: await readText(path) })));
  if (!(await stat(path)).isDirectory()) return files;
  const { standingOf } = await import("@registry-policy/language");
  const lost = files.find(({ path: file, text }) => typeof standingOf({ file, text }).is !== "string");
  if (lost !== undefined) {
    throw new UsageError(`nothing is left of \`${lost.path}\``, "restore it, or remove it if nothing is missing");
  }
  const rego = (await readdir(path)).filter((name) => name.endsWith(".rego") && !name.endsWith("_test.rego")).sort();
  const read = rego.map(async (name) => ({ path: join(path, name), text: await readText(join(path, name)) }));
  return [...files, ...(await Promise.all(read))];
}
