import {
  allBut,
  and,
  anything,
  choice,
  type Expression,
  everything,
  type Language,
  matching,
  not,
  nothing,
  oneOf,
  optional,
  or,
  parseExpression,
  repeat,
  sequence,
  setOf,
  text,
} from "@registry-policy/automata";
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

  get isAtEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  /**
   * The images for which a condition holds.
   *
   * @throws Unreadable for a condition of a form that is not emitted.
   */
  condition(scope: Scope): Language {
    const alternatives = [this.#conjunction(scope)];
    while (this.#take("||")) alternatives.push(this.#conjunction(scope));
    return alternatives.length === 1 ? (alternatives[0] ?? nothing) : or(...alternatives);
  }

  /** Takes signs, each as a word of a line. */
  expect(signs: string): void {
    for (const sign of signs.split(" ")) if (!this.#take(sign)) throw this.#unknown(sign);
  }

  #conjunction(scope: Scope): Language {
    const all = [this.#factor(scope)];
    while (this.#take("&&")) all.push(this.#factor(scope));
    return all.length === 1 ? (all[0] ?? everything) : and(...all);
  }

  #factor(scope: Scope): Language {
    if (this.#take("!")) return not(this.#factor(scope));
    if (this.#take("(")) {
      const inner = this.condition(scope);
      this.expect(")");
      return inner;
    }
    if (this.#take("[")) return this.#exists(scope);
    const name = this.#subject(scope);
    if (name === scope.image && this.#take("in")) {
      this.expect("variables .");
      return scope.variable(this.#word());
    }
    const subject = this.#own(scope.subjects, name);
    this.expect(".");
    const method = this.#word();
    this.expect("(");
    const argument = this.#text();
    this.expect(")");
    if (method === "matches") return subject(matching(parseExpression(argument)));
    if (method === "contains") return subject(matching(sequence(anything, text(argument), anything)));
    throw this.#unknown("matches");
  }

  /** `[…].exists(name, name in ['…'])`, or `[(without its port)].exists(reference, …)`. */
  #exists(scope: Scope): Language {
    const start = this.#at;
    if (this.#isPortless()) {
      this.expect("] . exists ( reference ,");
      const reference = this.#own(scope.subjects, "it.reference");
      const inner = this.condition({
        ...scope,
        subjects: { reference: (of) => reference(scope.withoutPort(of)) },
      });
      this.expect(")");
      return inner;
    }
    this.#at = start;
    const candidates = [this.#candidate(scope)];
    while (this.#take(",")) candidates.push(this.#candidate(scope));
    this.expect("] . exists ( name , name in [");
    const names: string[] = [];
    while (!this.#take("]")) {
      names.push(this.#text());
      if (!this.#take(",")) {
        this.expect("]");
        break;
      }
    }
    this.expect(")");
    return or(...candidates.map((candidate) => candidate(names)));
  }

  #isPortless(): boolean {
    const written = ["it", ".", "reference", ".", "replace", "(", "it", ".", "reference", ".", "find", "("];
    const behind = ["(?::[0-9]+)?/", ")", ",", "/", ")"];
    const all = [...written, ...behind];
    const isSame = all.every((sign, index) => this.#tokens[this.#at + index]?.text === sign);
    if (isSame) this.#at += all.length;
    return isSame;
  }

  /** What an image may be called: from names to the images that are called one of them. */
  #candidate(scope: Scope): (names: readonly string[]) => Language {
    const name = this.#subject(scope);
    const subject = this.#own(scope.subjects, name);
    const of = (expressions: (written: string) => readonly Expression[]) => (names: readonly string[]) => {
      const all = names.flatMap(expressions);
      return all.length === 0 ? nothing : subject(matching(choice(...all)));
    };
    if (this.#take(".")) {
      if (this.#take("split")) {
        this.expect("(");
        if (this.#text() !== "@") throw this.#unknown("@");
        this.expect(") [ 0 ]");
        return of((written) => (written.includes("@") ? [] : [sequence(text(written), optional(afterAt))]));
      }
      this.expect("find (");
      const expression = this.#text();
      this.expect(")");
      if (expression === nameForm && this.#take("+")) {
        if (this.#subject(scope) !== name) throw this.#unknown(name);
        this.expect(". find (");
        if (this.#text() !== "@.*$") throw this.#unknown("@.*$");
        this.expect(")");
        return of(digestAlternatives);
      }
      if (expression === nameForm) {
        return of((written) => (isName(written) ? [sequence(text(written), optional(afterName))] : []));
      }
      const depth = /^\^(?:\[\^\/\]\+\/|\(\?:\[\^\/\]\+\/\)\{([1-9][0-9]{0,2})\})$/.exec(expression);
      if (depth === null) throw this.#unknown(expression);
      const components = Number(depth[1] ?? 1);
      return of((written) =>
        /^(?:[^/]+\/)+$/.test(written) && written.split("/").length - 1 === components
          ? [sequence(text(written), anything)]
          : [],
      );
    }
    return of((written) => [text(written)]);
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

  #text(): string {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "text") throw this.#unknown("a text");
    this.#at += 1;
    return token.text;
  }

  #take(sign: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "sign" || token.text !== sign) return false;
    this.#at += 1;
    return true;
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

/** The name of a reference, as it is found in one: registry and repository. */
const nameForm = "^[^/]+/[^:@]+";

function isName(written: string): boolean {
  return /^[^/]+\/[^:@]+$/.test(written);
}

const afterAt = sequence(text("@"), anything);
const afterName = sequence(oneOf(setOf(":@")), anything);
const anyTag = optional(sequence(text(":"), repeat(oneOf(allBut(setOf("@"))), 0)));

/** Name and digest together, whatever tag stands between them. */
function digestAlternatives(written: string): Expression[] {
  const at = written.indexOf("@");
  const name = at < 0 ? written : written.slice(0, at);
  if (!isName(name)) return [];
  return [sequence(text(name), anyTag, text(at < 0 ? "" : written.slice(at)))];
}
