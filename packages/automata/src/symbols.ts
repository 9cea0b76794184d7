/*
 * The alphabet: every ASCII character by itself, the two others that an expression without regard to case takes for a
 * letter of ASCII (`ſ` for `s`, the Kelvin sign for `k`: Unicode's simple case folding, which RE2 follows), and one
 * symbol for all the characters that are left, which no expression of ours tells apart. So what is shown here holds
 * for every text, not only for texts of ASCII.
 *
 * Symbols are numbered in the order in which a reader likes to see them: the least of several shortest texts is then
 * `a`, not `!`.
 */

const longS = "\u017f";
const kelvin = "\u212a";
/** Stands for every character that has no symbol of its own. */
const other = "é";

const readable = "abcdefghijklmnopqrstuvwxyz0123456789/.-:@_ABCDEFGHIJKLMNOPQRSTUVWXYZ[]";

/** The character that each symbol is written as. */
export const characters: readonly string[] = [
  ...new Set([
    ...readable,
    ...Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)),
    ...Array.from({ length: 128 }, (_, index) => String.fromCharCode(index)),
    longS,
    kelvin,
    other,
  ]),
];

export const symbolCount: number = characters.length;

const symbolByCharacter = new Map(characters.map((character, symbol) => [character, symbol]));
const otherSymbol = symbolCount - 1;

/** The symbol of a character, which is one code point. */
export function symbolOf(character: string): number {
  return symbolByCharacter.get(character) ?? otherSymbol;
}

/** Whether a character has a symbol of its own, so that an expression can name it. */
export function hasOwnSymbol(character: string): boolean {
  return symbolByCharacter.has(character) && character !== other;
}

/** A set of symbols: the bit of each that is in it. */
export type SymbolSet = bigint;

export const noSymbol: SymbolSet = 0n;
export const anySymbol: SymbolSet = (1n << BigInt(symbolCount)) - 1n;

/** The set of the characters of a text. */
export function setOf(text: string): SymbolSet {
  let set = noSymbol;
  for (const character of text) set |= 1n << BigInt(symbolOf(character));
  return set;
}

/** The set of the ASCII characters from one to another, both included. */
export function rangeOf(from: string, to: string): SymbolSet {
  let set = noSymbol;
  for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code += 1) set |= setOf(String.fromCharCode(code));
  return set;
}

/** All symbols but these. */
export function allBut(set: SymbolSet): SymbolSet {
  return anySymbol & ~set;
}

const symbolsBySet = new Map<SymbolSet, readonly number[]>();

/** The symbols of a set, in their order. */
export function symbolsOf(set: SymbolSet): readonly number[] {
  const known = symbolsBySet.get(set);
  if (known !== undefined) return known;
  const symbols = characters.map((_, symbol) => symbol).filter((symbol) => (set >> BigInt(symbol)) & 1n);
  symbolsBySet.set(set, symbols);
  return symbols;
}

/** For each symbol, those that case does not tell from it; RE2's `(?i:…)`. */
const folds: readonly SymbolSet[] = characters.map((character) => {
  if (character === "s" || character === "S" || character === longS) return setOf(`sS${longS}`);
  if (character === "k" || character === "K" || character === kelvin) return setOf(`kK${kelvin}`);
  return setOf(character) | setOf(character === other ? other : character.toLowerCase() + character.toUpperCase());
});

/** A set with every symbol that case does not tell from one in it. */
export function foldCase(set: SymbolSet): SymbolSet {
  return symbolsOf(set).reduce((folded, symbol) => folded | (folds[symbol] ?? noSymbol), noSymbol);
}

/** The symbol of each symbol in lower case, as Unicode has it: the Kelvin sign becomes `k`, `ſ` stays. */
export const lowerCase: readonly number[] = characters.map((character, symbol) =>
  character === other ? symbol : symbolOf(character.toLowerCase()),
);
