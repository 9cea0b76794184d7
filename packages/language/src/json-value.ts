/** An object that is no list, of which only its own properties are looked at. */
export type JsonObject = { readonly [key: string]: unknown };

/** Whether a JSON value is an object and not a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A property of an object's own: what comes from outside may ask for `constructor`. `undefined` if there is none. */
export function ownProperty(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** What stands at a path of objects, `undefined` where the path ends early. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce(ownProperty, value);
}
