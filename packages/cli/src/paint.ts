const styles = { good: "32", bad: "1;31", caution: "33", strong: "1", quiet: "2" } as const;

export type Style = keyof typeof styles;

/** Writes a text in a colour, or as it is. */
export type Paint = (style: Style, text: string) => string;

/** @param colour whether to write ANSI colours. */
export function painter(colour: boolean): Paint {
  return colour ? (style, text) => `\u001b[${styles[style]}m${text}\u001b[0m` : (_, text) => text;
}
