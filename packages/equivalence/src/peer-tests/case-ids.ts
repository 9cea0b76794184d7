/**
 * Names for cases where sentences cannot stand: lower-case letters, digits and the separator, at most 60 characters.
 *
 * @param names in the order of the cases.
 * @returns one for each, all different and none empty.
 */
export function caseIds(names: readonly string[], separator: "-" | "_"): string[] {
  const taken = new Set<string>();
  return names.map((name, index) => {
    const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? [`case`, String(index + 1)];
    const base = words
      .join(separator)
      .slice(0, 50)
      .replace(/[-_]+$/, "");
    let id = base;
    for (let count = 2; taken.has(id); count += 1) id = `${base}${separator}${count}`;
    taken.add(id);
    return id;
  });
}
