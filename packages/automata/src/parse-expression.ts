import { anything, choice, type Expression, oneOf, optional, repeat, sequence } from "./expression.js";
import {
  allBut,
  anySymbol,
  foldCase,
  hasOwnSymbol,
  noSymbol,
  rangeOf,
  type SymbolSet,
  setOf,
  symbolsOf,
} from "./symbols.js";

/** An expression that is not RE2, or is of a part of it that we never emit. */
export class UnknownExpression extends Error {
  override readonly name = "UnknownExpression";
}

/**
 * Parses an expression of RE2 (github.com/google/re2/wiki/Syntax) as Go's `regexp` reads it, which looks for a match
 * anywhere in a text: literals, classes, `.`, groups, `(?i:…)`, `(?-i:…)`, `(?s)` at the beginning, quantifiers, and `^` and `$`
 * at the ends of alternatives.
 *
 * @returns an expression for the texts in which there is a match.
 * @throws UnknownExpression for anything else: it is never guessed at.
 */
export function parseExpression(source: string): Expression {
  const known = parsed.get(source);
  if (known !== undefined) return known;
  const made = parsedAnew(source);
  if (parsed.size >= maximumKept) parsed.clear();
  parsed.set(source, made);
  return made;
}

/** Policies and targets have expressions in common: one that is the same object has its automaton already. */
const parsed = new Map<string, Expression>();
const maximumKept = 32;

function parsedAnew(source: string): Expression {
  return choice(
    ...parseAlternatives(source).map(({ items, atStart, atEnd }) =>
      sequence(...(atStart ? [] : [anything]), ...items, ...(atEnd ? [] : [anything])),
    ),
  );
}

/** One alternative of an expression, and whether it is anchored at each end. */
export interface Alternative {
  readonly items: readonly Expression[];
  readonly atStart: boolean;
  readonly atEnd: boolean;
}

/** The alternatives of an expression at its top. Throws as `parseExpression` does. */
export function parseAlternatives(source: string): Alternative[] {
  const parser = new Parser(source);
  return parser.whole();
}

/** Go refuses what is nested more deeply, and repeats of more. */
const maximumDepth = 1000;
const maximumRepeat = 1000;

const newline = setOf("\n");
const classes: Readonly<Record<string, SymbolSet>> = {
  d: rangeOf("0", "9"),
  w: rangeOf("0", "9") | rangeOf("a", "z") | rangeOf("A", "Z") | setOf("_"),
  s: setOf("\t\n\f\r "),
};
const controls: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", f: "\f", v: "\v", a: "\u0007" };

interface Flags {
  readonly fold: boolean;
  readonly dotAll: boolean;
}

class Parser {
  readonly #characters: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#characters = [...source];
  }

  whole(): Alternative[] {
    let flags: Flags = { fold: false, dotAll: false };
    const leading = /^\(\?([is]+)\)/.exec(this.#characters.slice(0, 8).join(""));
    if (leading !== null) {
      this.#at = leading[0].length;
      flags = { fold: leading[1]?.includes("i") ?? false, dotAll: leading[1]?.includes("s") ?? false };
    }
    const alternatives = [this.#anchored(flags)];
    while (this.#take("|")) alternatives.push(this.#anchored(flags));
    if (this.#at < this.#characters.length) throw this.#unknown("a `)` without its `(`");
    return alternatives;
  }

  #anchored(flags: Flags): Alternative {
    const atStart = this.#take("^");
    const items = this.#sequence(flags);
    const atEnd = this.#take("$");
    if (this.#peek() !== undefined && this.#peek() !== "|" && this.#peek() !== ")") throw this.#unknown("a `$` inside");
    return { items, atStart, atEnd };
  }

  #alternatives(flags: Flags): Expression {
    this.#depth += 1;
    if (this.#depth > maximumDepth) throw this.#unknown("too many groups in groups");
    const items = [sequence(...this.#sequence(flags))];
    while (this.#take("|")) items.push(sequence(...this.#sequence(flags)));
    this.#depth -= 1;
    return choice(...items);
  }

  #sequence(flags: Flags): Expression[] {
    const items: Expression[] = [];
    for (let next = this.#peek(); next !== undefined && !"|)$".includes(next); next = this.#peek()) {
      items.push(this.#repeats(this.#atom(flags)));
    }
    return items;
  }

  #repeats(atom: Expression): Expression {
    const range = this.#quantifier();
    if (range === undefined) return atom;
    this.#take("?"); // Lazy or not, the same texts match.
    if (this.#peek() !== undefined && "*+?{".includes(this.#peek() ?? "")) throw this.#unknown("a repeated quantifier");
    const [min, max] = range;
    return min === 0 && max === 1 ? optional(atom) : repeat(atom, min, max);
  }

  #quantifier(): readonly [number, number] | undefined {
    if (this.#take("*")) return [0, Number.POSITIVE_INFINITY];
    if (this.#take("+")) return [1, Number.POSITIVE_INFINITY];
    if (this.#take("?")) return [0, 1];
    if (this.#peek() !== "{") return undefined;
    const counts = /^\{([0-9]{1,4})(,([0-9]{1,4})?)?\}/.exec(this.#characters.slice(this.#at, this.#at + 12).join(""));
    if (counts === null) throw this.#unknown("a `{` that begins no count");
    const min = Number(counts[1]);
    const max = counts[2] === undefined ? min : counts[3] === undefined ? Number.POSITIVE_INFINITY : Number(counts[3]);
    if (min > maximumRepeat || (max > maximumRepeat && max !== Number.POSITIVE_INFINITY) || max < min) {
      throw this.#unknown("a count that is out of range");
    }
    this.#at += counts[0].length;
    return [min, max];
  }

  #atom(flags: Flags): Expression {
    const character = this.#next();
    switch (character) {
      case "(":
        return this.#group(flags);
      case "[":
        return oneOf(this.#class(flags));
      case ".":
        return oneOf(flags.dotAll ? anySymbol : allBut(newline));
      case "\\":
        return oneOf(this.#fold(this.#escape(), flags));
      case "^":
      case "*":
      case "+":
      case "?":
      case "{":
        throw this.#unknown(`a \`${character}\` where a character is expected`);
      default:
        return oneOf(this.#fold(this.#own(character), flags));
    }
  }

  #group(flags: Flags): Expression {
    let inner = flags;
    if (this.#take("?")) {
      const start = this.#characters.slice(this.#at, this.#at + 6).join("");
      const head = /^(?:([is]*)|-([is]+)):/.exec(start);
      if (head === null) throw this.#unknown("a group of a kind that is not emitted");
      const [, set = "", unset = ""] = head;
      inner = {
        fold: (flags.fold || set.includes("i")) && !unset.includes("i"),
        dotAll: (flags.dotAll || set.includes("s")) && !unset.includes("s"),
      };
      this.#at += head[0].length;
    }
    const expression = this.#alternatives(inner);
    if (!this.#take(")")) throw this.#unknown(this.#peek() === "$" ? "a `$` in a group" : "a `(` without its `)`");
    return expression;
  }

  #class(flags: Flags): SymbolSet {
    const isNegated = this.#take("^");
    let set = noSymbol;
    for (let isFirst = true; isFirst || this.#peek() !== "]"; isFirst = false) {
      set |= this.#classItem();
    }
    this.#next();
    const folded = this.#fold(set, flags);
    return isNegated ? allBut(folded) : folded;
  }

  #classItem(): SymbolSet {
    if (this.#peek() === "[" && this.#characters[this.#at + 1] === ":") throw this.#unknown("a named class");
    const [from, set] = this.#classCharacter();
    if (this.#peek() !== "-" || this.#characters[this.#at + 1] === "]") return set;
    this.#next();
    const [to] = this.#classCharacter();
    if (from === undefined || to === undefined || from > to || to > "\u007f") throw this.#unknown("a range in a class");
    return rangeOf(from, to);
  }

  /** The character, unless it stands for several. */
  #classCharacter(): readonly [string | undefined, SymbolSet] {
    const character = this.#next();
    if (character !== "\\") return [character, this.#own(character)];
    const set = this.#escape();
    const at = this.#characters[this.#at - 1] ?? "";
    return [symbolsOf(set).length === 1 ? (controls[at] ?? at) : undefined, set];
  }

  #escape(): SymbolSet {
    const character = this.#next();
    const named = Object.hasOwn(classes, character.toLowerCase()) ? classes[character.toLowerCase()] : undefined;
    if (named !== undefined) return character === character.toLowerCase() ? named : allBut(named);
    if (Object.hasOwn(controls, character)) return setOf(controls[character] ?? "");
    if (/^[!-/:-@[-`{-~]$/.test(character)) return setOf(character);
    throw this.#unknown(`the escape \`\\${character}\``);
  }

  #own(character: string): SymbolSet {
    if (!hasOwnSymbol(character)) throw this.#unknown(`the character \`${character}\``);
    return setOf(character);
  }

  #fold(set: SymbolSet, { fold }: Flags): SymbolSet {
    return fold ? foldCase(set) : set;
  }

  #peek(): string | undefined {
    return this.#characters[this.#at];
  }

  #next(): string {
    const character = this.#characters[this.#at];
    if (character === undefined) throw this.#unknown("an end where more is expected");
    this.#at += 1;
    return character;
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at += 1;
    return true;
  }

  #unknown(what: string): UnknownExpression {
    const shown = this.#characters.slice(Math.max(0, this.#at - 20), this.#at + 20).join("");
    return new UnknownExpression(`${what} at character ${this.#at + 1} of an expression, in \`${shown}\``);
  }
}
