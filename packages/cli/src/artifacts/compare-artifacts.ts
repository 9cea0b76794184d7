import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Artifact } from "@registry-policy/compiler";
import { unreadable } from "@registry-policy/equivalence/files";
import pMap from "p-map";
import { filesAtOnce } from "../files-at-once.js";
import { inDirectory } from "./artifact-path.js";

/** How a directory is not as it would be written. */
export interface ArtifactComparison {
  readonly missing: readonly Artifact[];
  readonly different: readonly { readonly artifact: Artifact; readonly present: Uint8Array }[];
  /** The paths of files in the targets' folders that would not be written. */
  readonly leftOver: readonly string[];
}

/** Kinds of files that targets write; a README of the user's own is nobody's artifact. */
const artifactNames = /\.(ya?ml|json|rego|conf|tar\.gz)$/;

/** Tests for the engines' own commands: `opa/tests/p/p_test.rego`. A policy may be named `tests`, but has no folder. */
const testNames = /^[^/]+\/tests\/[^/]+\//;

/**
 * Compares a directory with what would be written to it.
 *
 * @param targets whose folders are looked through for what is left over.
 * @param withTests whether the artifacts hold the tests for the engines' own commands; if not, they are left alone.
 * @throws InputError for a file that cannot be read.
 */
export async function compareArtifacts(
  artifacts: readonly Artifact[],
  directory: string,
  targets: readonly string[],
  withTests = false,
): Promise<ArtifactComparison> {
  const found = (await Promise.all(targets.map((target) => filesBelow(join(directory, target), target)))).flat();
  const present = new Set(found);
  const missing: Artifact[] = [];
  const different: { artifact: Artifact; present: Uint8Array }[] = [];
  const compare = async (artifact: Artifact): Promise<Buffer | "missing" | "same"> => {
    if (!mayBeIn(present, artifact.path)) return "missing";
    const bytes = await readPresent(inDirectory(directory, artifact.path));
    if (bytes === undefined) return "missing";
    return bytes.equals(bytesOf(artifact)) ? "same" : bytes;
  };
  for (const [index, bytes] of (await pMap(artifacts, compare, { concurrency: filesAtOnce })).entries()) {
    const artifact = artifacts[index] as Artifact;
    if (bytes === "missing") missing.push(artifact);
    else if (bytes !== "same") different.push({ artifact, present: bytes });
  }
  const paths = new Set(artifacts.map(({ path }) => path));
  const leftOver = found.filter(
    (path) => artifactNames.test(path) && !paths.has(path) && (withTests || !testNames.test(path)),
  );
  return { missing, different, leftOver };
}

/** Whether a path was found, or a link to a directory above it. To open what is not there takes as long as to read it. */
function mayBeIn(found: ReadonlySet<string>, path: string): boolean {
  for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1)) {
    if (found.has(path.slice(0, end))) return true;
  }
  return false;
}

/** What is written to an artifact's file. */
export function bytesOf({ content }: Artifact): Uint8Array {
  return typeof content === "string" ? Buffer.from(content, "utf8") : content;
}

async function readPresent(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw unreadable(path, error);
  }
}

async function filesBelow(directory: string, prefix: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: unknown) => {
    if (isAbsent(error)) return [];
    throw unreadable(directory, error);
  });
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith(".")) continue;
    const path = `${prefix}/${entry.name}`;
    if (entry.isDirectory()) found.push(...(await filesBelow(join(directory, entry.name), path)));
    else found.push(path);
  }
  return found;
}

/** A file in the place of a directory is told of when it is to be written to. */
function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}
