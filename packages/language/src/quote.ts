/** A user's words between backticks, cut where they are too long to be read in a message. */
export function quote(words: string): string {
  return words.length > 100 ? `\`${words.slice(0, 99)}…\`` : `\`${words}\``;
}

/** `a`, `b` or `c`. */
export function oneOf(words: readonly string[]): string {
  return enumerate(words, "or");
}

/** `a`, `b` and `c`. */
export function allOf(words: readonly string[]): string {
  return enumerate(words, "and");
}

function enumerate(words: readonly string[], last: string): string {
  const quoted = words.map(quote);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} ${last} ${quoted.at(-1)}`;
}
