import { mkdir, open, rename, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Artifact } from "@registry-policy/compiler";
import { InputError } from "@registry-policy/equivalence/files";
import { inDirectory } from "./artifact-path.js";
import { bytesOf } from "./compare-artifacts.js";

/**
 * Writes artifacts, all or none: each is written aside, and only when all of them are on the disk do they take the place
 * of the old ones. Directories are made as they are needed.
 *
 * @throws InputError if one cannot be written; then every file is as it was, and what was written aside is removed.
 */
export async function writeArtifacts(artifacts: readonly Artifact[], directory: string): Promise<void> {
  const aside: { readonly temporary: string; readonly final: string }[] = [];
  const made: string[] = [];
  let writing = directory;
  try {
    for (const artifact of artifacts) {
      const final = inDirectory(directory, artifact.path);
      writing = final;
      await makeDirectories(dirname(final), made);
      const temporary = join(dirname(final), `.${basename(final)}.${process.pid}.tmp`);
      aside.push({ temporary, final });
      await writeToDisk(temporary, bytesOf(artifact));
    }
  } catch (error) {
    await undo(aside, made);
    throw unwritable(writing, error);
  }
  for (const { temporary, final } of aside) {
    try {
      await rename(temporary, final);
    } catch (error) {
      await undo(aside, made);
      throw unwritable(final, error);
    }
  }
}

/** A full disk may only be told of when the data is really written. */
async function writeToDisk(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function undo(aside: readonly { temporary: string }[], made: readonly string[]): Promise<void> {
  for (const { temporary } of aside) await rm(temporary, { force: true });
  // Those that are no longer empty are not ours alone, and stay.
  for (const directory of made.toReversed()) await rmdir(directory).catch(() => undefined);
}

/**
 * Makes a directory and those above it, and notes them, the outermost first. Node's own `recursive` never ends where a
 * directory cannot be made and is not there either, as below `/proc`.
 */
async function makeDirectories(path: string, made: string[]): Promise<void> {
  const above = dirname(path);
  const isThere = await stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
  if (isThere) return;
  if (above !== path) await makeDirectories(above, made);
  await mkdir(path);
  made.push(path);
}

function unwritable(path: string, error: unknown): InputError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, [string, string]>> = {
    ENOSPC: ["the disk is full", "make room and run it again: nothing was changed"],
    EDQUOT: ["your quota of the disk is used up", "make room and run it again: nothing was changed"],
    ENOENT: ["its directory cannot be made", "name another directory: nothing was changed"],
    EACCES: [
      "its directory may not be written to",
      "check its permissions, or name another directory: nothing was changed",
    ],
    EROFS: ["the disk may only be read", "name another directory: nothing was changed"],
    EEXIST: [
      "a file is in the place of its directory",
      "move the file away, or name another directory: nothing was changed",
    ],
    ENOTDIR: [
      "a file is in the place of its directory",
      "move the file away, or name another directory: nothing was changed",
    ],
    EISDIR: ["a directory is in its place", "move the directory away, or name another one"],
  };
  const [reason, help] = reasons[code ?? ""] ?? [message, "mend that and run it again"];
  return new InputError(`\`${path}\` cannot be written: ${reason}`, help);
}
