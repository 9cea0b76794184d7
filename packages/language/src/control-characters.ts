import type { Diagnostic } from "./diagnostic.js";
import { isObject } from "./json-value.js";
import { maximumDiagnostics } from "./limit-diagnostics.js";
import { diagnosticIn, type Path, type SourceDocument } from "./source-document.js";

/** Everything but control characters other than tab and newline, lone surrogates, U+FFFE and U+FFFF. */
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff]/u;

/** The texts of a document, keys too, that hold what cannot be printed: no engine would carry it as text. */
export function controlCharacterDiagnostics(document: SourceDocument): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const check = (text: string, path: Path, part: "key" | "value") => {
    const found = unprintable.exec(text)?.[0];
    if (found === undefined || diagnostics.length > maximumDiagnostics) return;
    const point = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    const help = "remove it: a text is printable characters, tabs and newlines";
    const message = `a text holds the character U+${point}, which cannot be printed`;
    diagnostics.push(diagnosticIn(document, path, { code: "control-character", message, help }, part));
  };
  const visit = (value: unknown, path: Path): void => {
    if (typeof value === "string") check(value, path, "value");
    else if (Array.isArray(value)) for (const [index, item] of value.entries()) visit(item, [...path, index]);
    else if (isObject(value)) {
      for (const [key, item] of Object.entries(value)) {
        check(key, [...path, key], "key");
        visit(item, [...path, key]);
      }
    }
  };
  visit(document.value, []);
  return diagnostics;
}
