/** Control characters, lone surrogates, and what is invisible or turns the direction of writing. */
const invisible =
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff\ud800-\udfff]/gu;

/**
 * A text in which everything can be seen and nothing acts on a terminal: a tab is a space, what is invisible is
 * written `\u{1b}`.
 */
export function escapeText(text: string): string {
  return text
    .replaceAll("\t", " ")
    .replace(invisible, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
