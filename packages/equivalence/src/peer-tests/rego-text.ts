import { asciiJson } from "./ascii-json.js";

/**
 * A JSON value as Rego, laid out as `opa fmt` does it. Rego reads the texts of JSON.
 *
 * @param indent what stands before the line on which the value begins.
 */
export function regoText(value: unknown, indent = ""): string {
  if (typeof value === "string") return asciiJson(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}\t`;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[\n${value.map((item) => `${inner}${regoText(item, inner)},\n`).join("")}${indent}]`;
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return "{}";
  const lines = entries.map(([key, item]) => `${inner}${asciiJson(key)}: ${regoText(item, inner)},\n`);
  return `{\n${lines.join("")}${indent}}`;
}
