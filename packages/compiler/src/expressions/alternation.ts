/** Sorted and without duplicates; in a group, unless there is only one. */
export function alternation(alternatives: readonly string[]): string {
  const sorted = [...new Set(alternatives)].sort();
  return sorted.length === 1 ? (sorted[0] ?? "") : `(?:${sorted.join("|")})`;
}

/** Sorted by their keys. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}
