import { Lexer } from "yaml";
import type { Diagnostic } from "./diagnostic.js";
import { diagnosticAt, type SourceText } from "./source-text.js";

/** The largest file that is read, in characters. */
export const maximumFileLength = 10_000_000;

const maximumTokens = 1_000_000;
/** No character makes more than two tokens; those of a longer text are counted before it is read. */
const shortText = maximumTokens / 2;

/** Why a file cannot be read at all, if it cannot: too large, or no text. */
export function unreadableText(source: SourceText): Diagnostic | undefined {
  const { text } = source;
  if (text.length > maximumFileLength) {
    return diagnosticAt(
      source,
      { start: 0, end: 1 },
      {
        code: "file-too-large",
        message: `the file has ${text.length} characters, more than ${maximumFileLength}`,
        help: "split it into several files, or name the file that you meant",
      },
    );
  }
  // U+FFFD is what a decoder leaves in the place of bytes that are not UTF-8.
  const strange = text.search(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/);
  if (strange >= 0) {
    const point = (text.codePointAt(strange) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return diagnosticAt(
      source,
      { start: strange, end: strange + 1 },
      {
        code: "not-text",
        message: `the file holds the character U+${point}, so it is not UTF-8 text`,
        help: "save it as UTF-8 without control characters, or name the file that you meant",
      },
    );
  }
  return text.length > shortText && hasManyTokens(text)
    ? diagnosticAt(
        source,
        { start: 0, end: 1 },
        {
          code: "file-too-large",
          message: `the file has more than ${maximumTokens} YAML tokens`,
          help: "split it into several files",
        },
      )
    : undefined;
}

/** Reading takes a kilobyte for every token: this keeps it within what a small machine has. */
function hasManyTokens(text: string): boolean {
  let count = 0;
  for (const _token of new Lexer().lex(text)) {
    count += 1;
    if (count > maximumTokens) return true;
  }
  return false;
}
