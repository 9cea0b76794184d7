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
  const missing: Artifact[] = [];
  const different: { artifact: Artifact; present: Uint8Array }[] = [];
  const compare = async (artifact: Artifact): Promise<Buffer | "missing" | "same"> => {
    const present = await readPresent(inDirectory(directory, artifact.path));
    if (present === undefined) return "missing";
    return present.equals(bytesOf(artifact)) ? "same" : present;
  };
  for (const [index, present] of (await pMap(artifacts, compare, { concurrency: filesAtOnce })).entries()) {
    const artifact = artifacts[index] as Artifact;
    if (present === "missing") missing.push(artifact);
    else if (present !== "same") different.push({ artifact, present });
  }
  const paths = new Set(artifacts.map(({ path }) => path));
  const leftOver: string[] = [];
  for (const target of targets) {
    const found = await filesBelow(join(directory, target), target);
    const written = withTests ? found : found.filter((path) => !testNames.test(path));
    leftOver.push(...written.filter((path) => artifactNames.test(path) && !paths.has(path)));
  }
  return { missing, different, leftOver };
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
