/** CEL for what is at a path below `object`. */
export function pathBelowObject(path: readonly string[]): string {
  return ["object", ...path].join(".");
}

/** Conditions that together say that there is an object at each step of a path below `object`. */
export function mapsAt(path: readonly string[]): string[] {
  return path.map((_, index) => {
    const part = pathBelowObject(path.slice(0, index + 1));
    return `has(${part}) && type(${part}) == map`;
  });
}
