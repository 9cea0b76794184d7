import { Unreadable } from "./proof.js";

/** A word, a number or a sign as it is written; a text, which is quoted, as it is read. */
export type Token = { readonly kind: "sign"; readonly text: string } | { readonly kind: "text"; readonly text: string };

const form =
  /\s+|\/\/[^\n]*|[A-Za-z_][A-Za-z0-9_]*|[0-9]+|'(?:[^'\\\n]|\\.)*'|<=|>=|==|!=|&&|\|\||[-+!().,:?[\]{}<>%]/y;

/**
 * The tokens of an expression of CEL, without comments.
 *
 * @throws Unreadable for what is never emitted.
 */
export function celTokens(expression: string): Token[] {
  const tokens: Token[] = [];
  form.lastIndex = 0;
  while (form.lastIndex < expression.length) {
    const at = form.lastIndex;
    const text = form.exec(expression)?.[0];
    if (text === undefined) throw new Unreadable(`\`${expression.slice(at, at + 20)}\` is no token of CEL`);
    if (/^(?:\s|\/\/)/.test(text)) continue;
    tokens.push(text.startsWith("'") ? { kind: "text", text: unquoted(text) } : { kind: "sign", text });
  }
  return tokens;
}

/** The escapes of JSON, and that of the quote. */
function unquoted(literal: string): string {
  return literal.slice(1, -1).replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (whole, code, sign) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    const plain = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", "\\": "\\", '"': '"', "'": "'" }[sign as string];
    if (plain === undefined) throw new Unreadable(`\`${whole}\` is no known escape`);
    return plain;
  });
}

/**
 * Holds an expression against one that is known, in which a text in braces, as `'{reference}'`, stands for any text.
 *
 * @returns the texts in the places of those, by their names; `undefined` if the expression is another one.
 */
export function matchForm(known: string, expression: string): Readonly<Record<string, string>> | undefined {
  const [wanted, found] = [celTokens(known), celTokens(expression)];
  if (wanted.length !== found.length) return undefined;
  const texts: Record<string, string> = {};
  for (const [index, want] of wanted.entries()) {
    const token = found[index];
    if (token === undefined || token.kind !== want.kind) return undefined;
    const name = want.kind === "text" ? /^\{([a-zA-Z]+)\}$/.exec(want.text)?.[1] : undefined;
    if (name === undefined ? token.text !== want.text : (texts[name] ?? token.text) !== token.text) return undefined;
    if (name !== undefined) texts[name] = token.text;
  }
  return texts;
}
