import { isSameToken, jmespathTokens, type Token, tokenText } from "./jmespath-tokens.js";
import { Unreadable } from "./proof.js";

/** Goes through the tokens of an expression, from the first on. */
export class JmespathReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  get isAtLiteral(): boolean {
    return this.#tokens[this.#at]?.kind === "literal";
  }

  /** Takes tokens if they come next, all of them, in whatever layout. */
  take(written: string): boolean {
    const wanted = jmespathTokens(written);
    if (!wanted.every((token, index) => isSameToken(token, this.#tokens[this.#at + index]))) return false;
    this.#at += wanted.length;
    return true;
  }

  expect(written: string): void {
    if (!this.take(written)) throw this.unknown(written);
  }

  /** A word or a sign. */
  sign(): string {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "sign") throw this.unknown("a name");
    this.#at += 1;
    return token.text;
  }

  /** A literal that is a text. */
  text(): string {
    const value = this.#literal();
    if (typeof value !== "string") throw this.unknown("a text");
    return value;
  }

  /** A literal that is a list of texts. */
  texts(): readonly string[] {
    const value = this.#literal();
    if (!Array.isArray(value) || value.some((item) => typeof item !== "string")) throw this.unknown("a list of texts");
    return value as string[];
  }

  /** A literal that is a whole number of things. */
  count(): number {
    const value = this.#literal();
    if (!Number.isInteger(value) || (value as number) < 0) throw this.unknown("a number");
    return value as number;
  }

  unknown(wanted: string): Unreadable {
    const near = this.#tokens.slice(Math.max(0, this.#at - 3), this.#at + 3).map(tokenText);
    return new Unreadable(
      `the list is not of the form that is known near \`${near.join(" ").slice(0, 200)}\`, where \`${wanted}\` is expected`,
    );
  }

  #literal(): unknown {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "literal") throw this.unknown("a literal");
    this.#at += 1;
    return token.value;
  }
}
