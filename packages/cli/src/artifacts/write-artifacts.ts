import { mkdir, open, rename, rm, rmdir } from "node:fs/promises";
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
      const first = await mkdir(dirname(final), { recursive: true });
      if (first !== undefined) made.push(...directoriesFrom(first, dirname(final)));
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

/** The directories that were made, the outermost first. */
function directoriesFrom(first: string, last: string): string[] {
  const made: string[] = [];
  for (let at = last; at.length >= first.length && at !== dirname(at); at = dirname(at)) made.unshift(at);
  return made;
}

function unwritable(path: string, error: unknown): InputError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, [string, string]>> = {
    ENOSPC: ["the disk is full", "make room and run it again: nothing was changed"],
    EDQUOT: ["your quota of the disk is used up", "make room and run it again: nothing was changed"],
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
