import { anySymbol, foldCase, type SymbolSet, setOf } from "./symbols.js";

/** A regular expression that matches from end to end. Expressions are never changed, so parts may be shared. */
export type Expression =
  | { readonly kind: "set"; readonly set: SymbolSet }
  | { readonly kind: "sequence"; readonly items: readonly Expression[] }
  | { readonly kind: "choice"; readonly items: readonly Expression[] }
  /** `max` may be `Infinity`. */
  | { readonly kind: "repeat"; readonly item: Expression; readonly min: number; readonly max: number };

const sets = new Map<SymbolSet, Expression>();

/** One character of a set. */
export function oneOf(set: SymbolSet): Expression {
  const known = sets.get(set);
  if (known !== undefined) return known;
  const made: Expression = { kind: "set", set };
  sets.set(set, made);
  return made;
}

/** A text as it stands, or, with `fold`, without regard to case. */
export function text(value: string, fold = false): Expression {
  return sequence(...[...value].map((character) => oneOf(fold ? foldCase(setOf(character)) : setOf(character))));
}

/** One after the other; none at all: the empty text. */
export function sequence(...items: readonly Expression[]): Expression {
  return { kind: "sequence", items: items.flatMap((item) => (item.kind === "sequence" ? item.items : [item])) };
}

/** One of several; none at all: no text, not even the empty one. */
export function choice(...items: readonly Expression[]): Expression {
  const [only] = items;
  return only !== undefined && items.length === 1 ? only : { kind: "choice", items };
}

export function repeat(item: Expression, min: number, max: number = Number.POSITIVE_INFINITY): Expression {
  return { kind: "repeat", item, min, max };
}

export function optional(item: Expression): Expression {
  return repeat(item, 0, 1);
}

/** Any text. */
export const anything: Expression = repeat(oneOf(anySymbol), 0);
