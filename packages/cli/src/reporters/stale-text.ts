import type { Artifact } from "@registry-policy/compiler";
import { escapeText } from "@registry-policy/language";
import { structuredPatch } from "diff";
import { inDirectory } from "../artifacts/artifact-path.js";
import type { ArtifactComparison } from "../artifacts/compare-artifacts.js";

/** Lines of one file's differences that are shown. */
const maximumLines = 20;

/**
 * The report of `generate --check`: what in a directory is stale, and how.
 *
 * @param count of the artifacts that were compared.
 */
export async function staleText(
  { missing, different, leftOver }: ArtifactComparison,
  directory: string,
  count: number,
): Promise<string> {
  const stale = missing.length + different.length + leftOver.length;
  if (stale === 0) return `${count} artifacts in ${directory} are up to date\n`;
  const lines = [
    ...missing.map(({ path }) => `missing: ${inDirectory(directory, path)}`),
    ...leftOver.map((path) => `left over: ${inDirectory(directory, path)}`),
    ...different.flatMap(({ artifact, present }) => [
      `stale: ${inDirectory(directory, artifact.path)}`,
      ...differences(artifact, present),
    ]),
    "",
    `${stale} of ${count + leftOver.length} artifacts are not as they would be written: run \`registry-policy generate\` without \`--check\`${
      leftOver.length > 0 ? ", and remove what is left over" : ""
    }`,
  ];
  return `${lines.join("\n")}\n`;
}

function differences({ content }: Artifact, present: Uint8Array): string[] {
  if (typeof content !== "string") return ["    the bytes differ"];
  const { hunks } = structuredPatch("", "", new TextDecoder().decode(present), content, "", "", {
    context: 1,
    timeout: 1000,
  }) ?? {
    hunks: [],
  };
  const lines = hunks.flatMap((hunk) => [
    `@@ line ${hunk.oldStart} @@`,
    ...hunk.lines.map((line) => escapeText(line.slice(0, 160))),
  ]);
  if (lines.length === 0) return ["    the contents differ"];
  const shown = lines.slice(0, maximumLines).map((line) => `    ${line}`);
  return lines.length > shown.length ? [...shown, `    … and ${lines.length - shown.length} more lines`] : shown;
}
