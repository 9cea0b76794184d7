import { isMap } from "./is-map.js";
import { Unreadable } from "./proof.js";

/** A mapping of a file, of which every field has to be accounted for: one that is not known may mean anything. */
export interface Fields {
  readonly value: Readonly<Record<string, unknown>>;
  readonly path: string;
}

/**
 * Takes a value for a mapping with no other fields than these.
 *
 * @throws Unreadable if it is none, or has others.
 */
export function fieldsOf(value: unknown, path: string, known: readonly string[]): Fields {
  if (!isMap(value)) throw new Unreadable(`\`${path}\` is no mapping`);
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new Unreadable(`\`${path}\` has a field \`${unknown}\`, which is not known`);
  return { value, path };
}

/** A field, where there is one. */
export function fieldOf({ value }: Fields, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/** A field that is a text, where there is one. */
export function textField(fields: Fields, key: string): string | undefined {
  const value = fieldOf(fields, key);
  if (value === undefined || typeof value === "string") return value;
  throw new Unreadable(`\`${fields.path}.${key}\` is no text`);
}

/** A field that is a list of texts; none, where there is no such field. */
export function textsField(fields: Fields, key: string): readonly string[] {
  const value = fieldOf(fields, key);
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw new Unreadable(`\`${fields.path}.${key}\` is no list of texts`);
}

/** Whether a field has the one value that it may have; false, where there is no such field. */
export function flagField(fields: Fields, key: string, set: unknown): boolean {
  const value = fieldOf(fields, key);
  if (value === undefined) return false;
  if (value === set) return true;
  throw new Unreadable(`\`${fields.path}.${key}\` is not \`${JSON.stringify(set)}\``);
}
