import type { YAMLError } from "yaml";
import type { Diagnostic } from "./diagnostic.js";
import { diagnosticAt, type SourceText } from "./source-text.js";

const helpByCode: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: "indent with spaces: YAML has no tabs in front of a line",
  BAD_INDENT: "indent every field of one mapping by the same number of spaces",
  BAD_SCALAR_START: "put the value between quotes",
  BAD_DQ_ESCAPE: "write `\\\\` for a backslash, or use single quotes",
  BLOCK_AS_IMPLICIT_KEY: "put a text that holds `: ` between quotes, and begin each field on a line of its own",
  MISSING_CHAR: "look for a quote, a bracket, a comma or a colon that is missing here or before",
  MULTILINE_IMPLICIT_KEY: "look for a colon that is missing here or before",
  NON_STRING_KEY: "write a plain text in front of the colon",
  RESOURCE_EXHAUSTION: "remove nesting: no policy needs so much of it",
};

/** What the YAML library says of a text that it cannot read. */
export function syntaxDiagnostic(source: SourceText, error: YAMLError): Diagnostic {
  const [start, end] = error.pos;
  const isTooDeep = error.code === "RESOURCE_EXHAUSTION";
  // Where the stack ends is another place on every machine: the line has to do.
  const lineStart = source.text.lastIndexOf("\n", start) + 1;
  // An unquoted `*.example.com` is an alias to YAML.
  const isAlias = error.code === "BAD_ALIAS" || (error.code === "UNEXPECTED_TOKEN" && source.text[start] === "*");
  return diagnosticAt(source, isTooDeep ? { start: lineStart, end: lineStart + 1 } : { start, end }, {
    code: isTooDeep ? "too-deep" : "yaml-syntax",
    message: isTooDeep ? "collections are nested too deeply" : `the file cannot be read as YAML: ${messageOf(error)}`,
    help: isAlias
      ? "put a text that begins with `*` between quotes: YAML reads it as an alias"
      : (helpByCode[error.code] ?? "put a text that holds punctuation between quotes, and check the indentation"),
  });
}

function messageOf(error: YAMLError): string {
  if (error.code === "NON_STRING_KEY") return "a key is no plain text";
  const [line = ""] = error.message.split("\n");
  return line.charAt(0).toLowerCase() + line.slice(1);
}
