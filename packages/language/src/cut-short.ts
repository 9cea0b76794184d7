import type { Diagnostic } from "./diagnostic.js";
import { diagnosticAt, sourceText } from "./source-text.js";

/** A file that was found in a directory, and not named by itself. */
export interface FileInDirectory {
  readonly file: string;
  readonly text: string;
}

/** What a file is to a directory's reader: ours, another tool's, or one of which too little is left to tell. */
export interface Standing {
  readonly file: string;
  readonly is: "ours" | "foreign" | Diagnostic;
}

/** How our files begin, without what YAML and JSON may write around it. */
const beginnings = [
  "apiVersion:registry-policy.dev",
  "kind:RegistryPolicy",
  "kind:FixturesapiVersion:registry-policy.dev",
];

/** Comments, the marks of documents, brackets, commas, quotes, a byte order mark, and what a file is full of that never reached its disk. */
const around = /^[ \t]*#.*$|^---.*$|^--?$|[\s{,"'\0\ufeff]/gm;

/**
 * Looks at a file of a directory by what it says first. One that is empty, holds comments alone or ends before it says
 * what it is was cut: by a full disk, a broken merge, a redirection that failed. It names nothing of ours any more, and
 * would be passed over with all that it held.
 */
export function standingOf({ file, text }: FileInDirectory): Standing {
  const says = text.replace(around, "");
  if (beginnings.some((beginning) => beginning.startsWith(says))) {
    const problem = {
      code: "empty-file",
      message: "nothing is left of this file by which it could be told what it was",
      help: "restore it, or remove it if nothing is missing",
    } as const;
    return { file, is: diagnosticAt(sourceText({ text, file }), { start: 0, end: 1 }, problem) };
  }
  return { file, is: /registry-policy\.dev|RegistryPolicy/.test(text) ? "ours" : "foreign" };
}

/**
 * What is wrong with files that were cut, where they were a policy or fixtures as far as one can see: by their names, or as
 * they are in a directory beside some. An empty file of another tool is left alone.
 */
export function cutShortDiagnostics(standings: readonly Standing[]): Diagnostic[] {
  const ours = new Set(standings.filter(({ is }) => is === "ours").map(({ file }) => directoryOf(file)));
  return standings.flatMap(({ file, is }) => {
    if (typeof is === "string") return [];
    return ours.has(directoryOf(file)) || /(^|[/\\])(policy|fixtures)\.[a-z]+$/i.test(file) ? [is] : [];
  });
}

const directoryOf = (file: string) => file.replace(/[^/\\]*$/, "");
