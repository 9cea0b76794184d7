import { Unreadable } from "./proof.js";

/** A word, a whole number or a sign as it is written; a literal as it is read. */
export type Token =
  | { readonly kind: "sign"; readonly text: string }
  | { readonly kind: "literal"; readonly value: unknown };

/** `[?` and `[]` are signs of their own, as they are to Kyverno's JMESPath, and only without a space in them. */
const form =
  /[ \t\r\n]+|[A-Za-z_][A-Za-z0-9_]*|-?[0-9]+|'[^'\\]*'|`[^`\\]*(?:\\[^`][^`\\]*)*`|\[\?|\[\]|<=|>=|==|!=|&&|\|\||[-!&|().,:@*[\]{}<>]/y;

/**
 * The tokens of an expression of JMESPath.
 *
 * @throws Unreadable for what is never emitted.
 */
export function jmespathTokens(expression: string): Token[] {
  const tokens: Token[] = [];
  form.lastIndex = 0;
  while (form.lastIndex < expression.length) {
    const at = form.lastIndex;
    const text = form.exec(expression)?.[0];
    if (text === undefined) throw new Unreadable(`\`${expression.slice(at, at + 20)}\` is no token of JMESPath`);
    if (text.startsWith("'")) tokens.push({ kind: "literal", value: text.slice(1, -1) });
    else if (text.startsWith("`")) tokens.push({ kind: "literal", value: jsonLiteral(text.slice(1, -1)) });
    else if (text.trim() !== "") tokens.push({ kind: "sign", text });
  }
  return tokens;
}

/** What is no JSON would be a text to go-jmespath; it is never emitted. */
function jsonLiteral(json: string): unknown {
  try {
    if (/\p{Surrogate}|\\u[dD][89a-fA-F]/u.test(json)) throw new SyntaxError("it has a surrogate");
    return JSON.parse(json);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new Unreadable(`the literal \`${json.slice(0, 40)}\` is no JSON: ${problem}`);
  }
}

/** Whether two tokens say the same. */
export function isSameToken(one: Token | undefined, two: Token | undefined): boolean {
  if (one === undefined || two === undefined || one.kind !== two.kind) return false;
  if (one.kind === "literal") return JSON.stringify(one.value) === JSON.stringify((two as typeof one).value);
  return one.text === (two as typeof one).text;
}

/** A token as it would be written. */
export function tokenText(token: Token): string {
  return token.kind === "sign" ? token.text : JSON.stringify(token.value);
}
