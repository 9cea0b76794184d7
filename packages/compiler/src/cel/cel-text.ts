/**
 * Text as a CEL string, the only way in which a policy's text gets into CEL. Within single quotes, because the quotes of
 * the YAML around it are double.
 *
 * @throws RangeError for a lone surrogate, which CEL has no way to write.
 */
export function celText(text: string): string {
  if (/\p{Surrogate}/u.test(text)) throw new RangeError("a lone surrogate cannot be carried to CEL");
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** Texts as a CEL list, one a line where they are many; sorted and without duplicates. */
export function celTexts(texts: readonly string[], indent = ""): string {
  const items = [...new Set(texts)].sort().map(celText);
  const line = `[${items.join(", ")}]`;
  if (indent.length + line.length <= 100) return line;
  return `[\n${items.map((item) => `${indent}  ${item},\n`).join("")}${indent}]`;
}
