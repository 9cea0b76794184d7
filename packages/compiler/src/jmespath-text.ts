/**
 * Text as a JMESPath literal, the only way in which a policy's text gets into JMESPath. What Kyverno looks for in the
 * text of an expression, before JMESPath reads it, is written as JSON escapes: the signs with which it begins a
 * variable (`{{`) or a reference (`$(`) (pkg/engine/variables/regex/vars.go), and the word `images`, at which it parses
 * all images and fails at one that is invalid (pkg/engine/context/deferred.go).
 *
 * @throws RangeError for a lone surrogate, which JSON in Go turns into another character.
 */
export function jmespathText(text: string): string {
  if (/\p{Surrogate}/u.test(text)) throw new RangeError("a lone surrogate cannot be carried to JMESPath");
  if (/^[A-Za-z0-9 ._/:@*,-]*$/.test(text) && !text.includes("images")) return `'${text}'`;
  const escaped = JSON.stringify(text)
    .replace(/[{}$`]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replaceAll("images", "\\u0069mages");
  return `\`${escaped}\``;
}

/** Texts as a JMESPath literal, one a line. */
export function jmespathTexts(texts: readonly string[]): string {
  const escaped = texts.map((text) => jmespathText(text).replace(/^['`]"?|"?['`]$/g, ""));
  return `\`[\n"${escaped.join('",\n"')}"\n]\``;
}

/** An RE2 expression of ours as a JMESPath string: raw, as it has neither quotes nor backslashes. */
export function jmespathExpression(expression: string): string {
  const unseen = expression.replaceAll("images", "[i]mages");
  return /['\\]/.test(unseen) ? jmespathText(unseen) : `'${unseen}'`;
}

/** An expression without the spaces that only separate its parts; those in texts and literals stay, and line breaks do. */
export function withoutSpaces(expression: string): string {
  return expression.replace(
    /('(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|"(?:[^"\\]|\\.)*")| +/g,
    (_, literal?: string) => literal ?? "",
  );
}
