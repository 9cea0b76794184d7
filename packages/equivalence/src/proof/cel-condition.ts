import {
  and,
  anything,
  choice,
  everything,
  type Language,
  matching,
  not,
  nothing,
  or,
  parseExpression,
  sequence,
  text,
} from "@registry-policy/automata";
import {
  beforeDigest,
  folderOf,
  type PartOfReference,
  repositoryForm,
  repositoryOf,
  whole,
  withoutTag,
} from "./cel-names.js";
import type { Token } from "./cel-tokens.js";
import { type Subjects, Unreadable } from "./proof.js";

/** What a condition can refer to. */
export interface Scope {
  readonly subjects: Subjects;
  /** The image itself, as a condition names it where it looks for it in a variable. */
  readonly image: string;
  /** The images of a variable. */
  readonly variable: (name: string) => Language;
  /** What `reference` stands for inside of an `exists` over a reference without its port. */
  readonly withoutPort: (of: Language) => Language;
}

/** Reads a condition on an image from tokens, from the first on. */
export class ConditionReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /**
   * The images for which a condition holds.
   *
   * @throws Unreadable for a condition of a form that is not emitted.
   */
  condition(scope: Scope): Language {
    const alternatives = [this.conjunction(scope)];
    while (this.take("||")) alternatives.push(this.conjunction(scope));
    return alternatives.length === 1 ? (alternatives[0] ?? nothing) : or(...alternatives);
  }

  /** As `condition`, where it must not be one of alternatives, as behind an `&&`. */
  conjunction(scope: Scope): Language {
    const all = [this.#factor(scope)];
    while (this.take("&&")) all.push(this.#factor(scope));
    return all.length === 1 ? (all[0] ?? everything) : and(...all);
  }

  /** Takes signs, each as a word of a line. */
  expect(signs: string): void {
    for (const sign of signs.split(" ")) if (!this.take(sign)) throw this.#unknown(sign);
  }

  /** Takes a sign if it is the next. */
  take(sign: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "sign" || token.text !== sign) return false;
    this.#at += 1;
    return true;
  }

  /** Takes a text, and gives what it says. */
  text(): string {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "text") throw this.#unknown("a text");
    this.#at += 1;
    return token.text;
  }

  /** Takes one text. */
  expectText(text: string): void {
    if (this.text() !== text) throw this.#unknown(`'${text}'`);
  }

  /** Throws Unreadable if there is more of the variable of a name. */
  expectEnd(name: string): void {
    if (this.#at < this.#tokens.length) {
      throw new Unreadable(`the variable \`${name}\` goes on after what is known of it`);
    }
  }

  #factor(scope: Scope): Language {
    if (this.take("!")) return not(this.#factor(scope));
    if (this.take("(")) {
      const inner = this.condition(scope);
      this.expect(")");
      return inner;
    }
    if (this.take("[")) return this.#portless(scope);
    const name = this.#subject(scope);
    if (name === scope.image && this.take("in")) {
      this.expect("variables .");
      return scope.variable(this.#word());
    }
    const subject = this.#own(scope.subjects, name);
    const start = this.#at;
    if (this.take(".")) {
      const method = this.#word();
      if (method === "matches" || method === "contains") {
        this.expect("(");
        const argument = this.text();
        this.expect(")");
        return subject(
          matching(method === "matches" ? parseExpression(argument) : sequence(anything, text(argument), anything)),
        );
      }
    }
    this.#at = start;
    const expressions = this.#candidate(scope, name);
    this.expect("in");
    const all = this.#names().flatMap(expressions);
    return all.length === 0 ? nothing : subject(matching(choice(...all)));
  }

  /** `[(without its port)].exists(reference, …)`. */
  #portless(scope: Scope): Language {
    if (!this.#isPortless()) throw this.#unknown("a reference without its port");
    this.expect("] . exists ( reference ,");
    const reference = this.#own(scope.subjects, "it.reference");
    const inner = this.condition({
      ...scope,
      subjects: { reference: (of) => reference(scope.withoutPort(of)) },
    });
    this.expect(")");
    return inner;
  }

  /** `['…', '…']`. */
  #names(): string[] {
    this.expect("[");
    const names: string[] = [];
    while (!this.take("]")) {
      names.push(this.text());
      if (!this.take(",")) {
        this.expect("]");
        break;
      }
    }
    return names;
  }

  #isPortless(): boolean {
    const written = ["it", ".", "reference", ".", "replace", "(", "it", ".", "reference", ".", "find", "("];
    const behind = ["(?::[0-9]+)?/", ")", ",", "/", ")"];
    const all = [...written, ...behind];
    const isSame = all.every((sign, index) => this.#tokens[this.#at + index]?.text === sign);
    if (isSame) this.#at += all.length;
    return isSame;
  }

  /** What an image is called, behind its subject. */
  #candidate(scope: Scope, name: string): PartOfReference {
    if (!this.take(".")) return whole;
    if (this.take("split")) {
      this.expect("(");
      this.expectText("@");
      this.expect(") [ 0 ]");
      return beforeDigest;
    }
    this.expect("find (");
    const expression = this.text();
    this.expect(")");
    if (expression === repositoryForm && this.take("+")) {
      if (this.#subject(scope) !== name) throw this.#unknown(name);
      this.expect(". find (");
      this.expectText("@.*$");
      this.expect(")");
      return withoutTag;
    }
    if (expression === repositoryForm) return repositoryOf;
    const depth = /^\^(?:\[\^\/\]\+\/|\(\?:\[\^\/\]\+\/\)\{([1-9][0-9]{0,2})\})$/.exec(expression);
    if (depth === null) throw this.#unknown(expression);
    return folderOf(Number(depth[1] ?? 1));
  }

  #subject(scope: Scope): string {
    const word = this.#word();
    if (word !== "it") return word;
    this.expect(".");
    const name = `it.${this.#word()}`;
    if (!Object.hasOwn(scope.subjects, name)) throw this.#unknown(name);
    return name;
  }

  #own(subjects: Subjects, name: string): (of: Language) => Language {
    const subject = Object.hasOwn(subjects, name) ? subjects[name] : undefined;
    if (subject === undefined) throw this.#unknown(name);
    return subject;
  }

  #word(): string {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "sign" || !/^[A-Za-z]/.test(token.text)) throw this.#unknown("a name");
    this.#at += 1;
    return token.text;
  }

  #unknown(wanted: string): Unreadable {
    const near = this.#tokens
      .slice(Math.max(0, this.#at - 3), this.#at + 3)
      .map((token) => token.text)
      .join(" ");
    return new Unreadable(
      `a condition is not of the form that is known near \`${near}\`, where \`${wanted}\` is expected`,
    );
  }
}
