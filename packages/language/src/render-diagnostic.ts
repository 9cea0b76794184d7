import type { Diagnostic } from "./diagnostic.js";
import { escapeText } from "./escape-text.js";

/** How much of a long line is shown, and how much of that stands in front of the place. */
const maximumWidth = 120;
const widthBefore = 60;

/**
 * Renders a diagnostic for a terminal, six lines or fewer, without a newline at the end:
 *
 *     error[unknown-field]: `spec.images` has no field `alow`
 *      --> policy.yaml:9:5
 *       |
 *     9 |     alow:
 *       |     ^^^^
 *     help: write `allow`
 *
 * @param colour whether to write ANSI colours.
 */
export function renderDiagnostic(diagnostic: Diagnostic, { colour = false }: { colour?: boolean } = {}): string {
  const { severity, code, message, location, help } = diagnostic;
  const paint = (style: keyof typeof styles, text: string) =>
    colour ? `\u001b[${styles[style]}m${text}\u001b[0m` : text;
  const gutter = " ".repeat(String(location.line).length);
  const { line, indent, underline } = excerpt(diagnostic);
  const bar = paint("frame", "|");
  return [
    `${paint(severity, `${severity}[${code}]`)}${paint("strong", `: ${escapeText(message)}`)}`,
    `${gutter}${paint("frame", "-->")} ${escapeText(location.file)}:${location.line}:${location.column}`,
    `${gutter} ${bar}`,
    `${paint("frame", String(location.line))} ${bar} ${line}`.trimEnd(),
    `${gutter} ${bar} ${" ".repeat(indent)}${paint(severity, "^".repeat(underline))}`,
    `${paint("help", "help")}: ${escapeText(help)}`,
  ].join("\n");
}

const styles = { error: "1;31", warning: "1;33", strong: "1", frame: "34", help: "1;36" };

/** The part of the source line around the place, and where the caret stands under it. */
function excerpt({ sourceLine, location, length }: Diagnostic): { line: string; indent: number; underline: number } {
  const column = Math.min(location.column - 1, sourceLine.length);
  const start = sourceLine.length > maximumWidth ? Math.max(0, column - widthBefore) : 0;
  const end = Math.min(sourceLine.length, start + maximumWidth);
  const before = `${start > 0 ? "…" : ""}${escapeText(sourceLine.slice(start, column))}`;
  const marked = escapeText(sourceLine.slice(column, Math.min(column + length, end)));
  const after = `${escapeText(sourceLine.slice(Math.min(column + length, end), end))}${end < sourceLine.length ? "…" : ""}`;
  return { line: `${before}${marked}${after}`, indent: before.length, underline: Math.max(1, marked.length) };
}
