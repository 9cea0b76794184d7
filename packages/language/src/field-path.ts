import { isObject, ownProperty } from "./json-value.js";
import { quote } from "./quote.js";
import type { Path } from "./source-document.js";

/** The path that a JSON pointer means in a value: what it says of a list is an index. */
export function pathOf(value: unknown, pointer: string): Path {
  const path: (string | number)[] = [];
  let at = value;
  for (const escaped of pointer.split("/").slice(1)) {
    const key = escaped.replaceAll("~1", "/").replaceAll("~0", "~");
    const step = Array.isArray(at) ? Number(key) : key;
    at = Array.isArray(at) ? at[Number(key)] : isObject(at) ? ownProperty(at, key) : undefined;
    path.push(step);
  }
  return path;
}

/** `spec.images.allow[3]`, in backticks. */
export function fieldName(path: Path): string {
  if (path.length === 0) return "the document";
  return quote(
    path
      .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
      .join("")
      .replace(/^\./, ""),
  );
}

/** What a text at a path is, for a message: it is named after the nearest field. */
export function nameOf(path: Path): string {
  const name = path.findLast((step) => typeof step === "string");
  return name === undefined ? "value" : `value of ${quote(name)}`;
}
