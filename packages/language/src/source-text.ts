import type { Diagnostic } from "./diagnostic.js";
import { type DiagnosticCode, diagnosticCodes } from "./diagnostic-codes.js";
import type { Location } from "./location.js";
import type { Place } from "./place.js";

/** A text that a user wrote, in which places can be pointed at. */
export interface SourceText {
  readonly file: string;
  /** Without a byte order mark. */
  readonly text: string;
  /** The offset at which each line begins. */
  readonly lineStarts: readonly number[];
}

/** A stretch of a source text, in UTF-16 units from its beginning; `end` is not part of it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Prepares a text for `diagnosticAt`: a byte order mark is taken off, for no editor counts it as a column. */
export function sourceText({ text, file }: { readonly text: string; readonly file: string }): SourceText {
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  const lineStarts = [0];
  for (let newline = body.indexOf("\n"); newline >= 0; newline = body.indexOf("\n", newline + 1)) {
    lineStarts.push(newline + 1);
  }
  return { file, text: body, lineStarts };
}

/** The line and column of an offset; an offset past the end is the end. */
export function locationAt(source: SourceText, offset: number): Location {
  const line = lineIndexAt(source, offset);
  const column = Math.min(offset, source.text.length) - (source.lineStarts[line] ?? 0) + 1;
  return { file: source.file, line: line + 1, column };
}

/** What is wrong at a stretch of a text. */
export function diagnosticAt(
  source: SourceText,
  span: Span,
  problem: { readonly code: DiagnosticCode; readonly message: string; readonly help: string },
): Diagnostic {
  const { code, message, help } = problem;
  return { code, severity: diagnosticCodes[code].severity, message, ...placeAt(source, span), help };
}

/** Where a stretch of a text begins. The caret stays on that line. */
export function placeAt(source: SourceText, span: Span): Place {
  const line = lineIndexAt(source, span.start);
  const lineStart = source.lineStarts[line] ?? 0;
  const nextLine = source.lineStarts[line + 1];
  const sourceLine = source.text
    .slice(lineStart, nextLine === undefined ? source.text.length : nextLine - 1)
    .replace(/\r$/, "");
  const location = locationAt(source, span.start);
  const length = Math.max(1, Math.min(span.end - span.start, sourceLine.length - location.column + 1));
  return { location, length, sourceLine };
}

function lineIndexAt({ lineStarts }: SourceText, offset: number): number {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
