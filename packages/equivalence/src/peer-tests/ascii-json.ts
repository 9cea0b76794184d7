/**
 * A text as JSON in ASCII alone, which is one line for every reader: YAML 1.1, which the engines read, ends a line, and
 * with it a comment, at U+2028 too.
 */
export function asciiJson(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
