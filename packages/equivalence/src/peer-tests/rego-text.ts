import { asciiJson } from "./ascii-json.js";

/**
 * A JSON value as Rego, laid out as `opa fmt` does it. Rego reads the texts of JSON.
 *
 * @param indent what stands before the line on which the value begins.
 */
export function regoText(value: unknown, indent = ""): string {
  if (typeof value === "string") return asciiJson(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const items = Array.isArray(value)
    ? value.map((item) => ["", item] as const)
    : Object.entries(value).flatMap(([key, item]) =>
        item === undefined ? [] : [[`${asciiJson(key)}: `, item] as const],
      );
  const [only] = items;
  if (only === undefined) return `${open}${close}`;
  if (items.length === 1) return `${open}${only[0]}${regoText(only[1], indent)}${close}`;
  const inner = `${indent}\t`;
  return `${open}\n${items.map(([key, item]) => `${inner}${key}${regoText(item, inner)},\n`).join("")}${indent}${close}`;
}
