/** How many texts are kept: a policy's own files, and those that are the same for every policy. */
const maximumKept = 8;

/**
 * Reads a text that comes again only once: the shipped file beside an emitted one is mostly the same, several targets
 * have the same variables, and every policy the same template.
 *
 * @param read what it throws is thrown again for the same text.
 */
export function readingOnce<T extends object>(read: (text: string) => T): (text: string) => T {
  const kept = new Map<string, T>();
  return (text) => {
    const known = kept.get(text);
    const found = known ?? read(text);
    kept.delete(text);
    kept.set(text, found);
    const [oldest] = kept.keys();
    if (kept.size > maximumKept && oldest !== undefined) kept.delete(oldest);
    return found;
  };
}
