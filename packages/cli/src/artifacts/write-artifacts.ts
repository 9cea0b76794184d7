import { renameSync, writeFileSync } from "node:fs";
import { mkdir, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Artifact } from "@registry-policy/compiler";
import { InputError } from "@registry-policy/equivalence/files";
import { inDirectory } from "./artifact-path.js";

/**
 * Writes artifacts, all or none: each is written aside, and only when all of them are written do they take the place
 * of the old ones. Directories are made as they are needed.
 *
 * Nothing is synced to the disk: a file system says that it is full when a file is written or closed, and what a power
 * failure takes is written by the same command again. Syncing took most of the time of a thousand policies.
 *
 * @throws InputError if one cannot be written; then every file is as it was, and what was written aside is removed.
 */
export async function writeArtifacts(artifacts: readonly Artifact[], directory: string): Promise<void> {
  const files = artifacts.map((artifact) => {
    const final = inDirectory(directory, artifact.path);
    return { artifact, final, temporary: join(dirname(final), `.${basename(final)}.${process.pid}.tmp`) };
  });
  const made: string[] = [];
  const aside: string[] = [];
  try {
    const directories = new Map(files.map(({ final }) => [dirname(final), final]));
    for (const [path, final] of directories) {
      await makeDirectories(path, made).catch((error: unknown) => {
        throw unwritable(final, error);
      });
    }
    await eachFile(files, ({ artifact, temporary }) => {
      aside.push(temporary);
      writeFileSync(temporary, artifact.content);
    });
    await eachFile(files, ({ temporary, final }) => renameSync(temporary, final));
  } catch (error) {
    await undo(aside, made);
    throw error;
  }
}

interface WrittenFile {
  readonly artifact: Artifact;
  readonly final: string;
  readonly temporary: string;
}

/**
 * Acts on one file after the other. To write a small file at once takes half of the processor's time that it takes by way
 * of Node's threads; timers have their turn in between.
 */
async function eachFile(files: readonly WrittenFile[], act: (file: WrittenFile) => void): Promise<void> {
  for (const [index, file] of files.entries()) {
    try {
      act(file);
    } catch (error) {
      throw unwritable(file.final, error);
    }
    if (index % filesInTurn === filesInTurn - 1) await setImmediate();
  }
}

const filesInTurn = 100;

async function undo(aside: readonly string[], made: readonly string[]): Promise<void> {
  for (const temporary of aside) await rm(temporary, { force: true });
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
