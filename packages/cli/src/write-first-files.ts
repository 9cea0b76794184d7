import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "@registry-policy/equivalence/files";
import { firstFiles } from "./first-files.js";
import { UsageError } from "./usage-error.js";

/**
 * Writes a first policy and what belongs to it.
 *
 * @returns the paths of the files.
 * @throws UsageError if one of them is there already, InputError if one cannot be written: nothing is written then.
 */
export async function writeFirstFiles(directory: string): Promise<string[]> {
  const files = Object.entries(firstFiles).map(([name, text]) => ({ path: join(directory, name), text }));
  for (const { path } of files) {
    const isThere = await stat(path).then(
      () => true,
      () => false,
    );
    if (isThere) {
      throw new UsageError(`there is a \`${path}\` already`, "name another directory, or move the file away");
    }
  }
  const written: string[] = [];
  try {
    await mkdir(directory, { recursive: true });
    for (const { path, text } of files) {
      await writeFile(path, text, { flag: "wx" });
      written.push(path);
    }
  } catch (error) {
    for (const path of written) await rm(path, { force: true });
    throw new InputError(
      `\`${directory}\` cannot be written to: ${(error as Error).message}`,
      "name another directory: nothing was written",
    );
  }
  return written;
}
