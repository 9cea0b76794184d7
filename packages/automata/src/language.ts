import type { Automaton } from "./automaton.js";
import { anything, type Expression, sequence, text } from "./expression.js";
import { type CombinationKind, complementAutomaton, pairAutomaton } from "./pair-automaton.js";
import type { Preimage } from "./preimage-automata.js";
import { subsetAutomaton } from "./subset-automaton.js";

/** A set of texts, said as a combination of expressions. Plain data: nothing is built before it is asked about. */
export type Language =
  | { readonly kind: "expression"; readonly expression: Expression }
  | { readonly kind: CombinationKind; readonly left: Language; readonly right: Language }
  | { readonly kind: "not"; readonly of: Language }
  | { readonly kind: "preimage"; readonly of: Language; readonly by: Preimage };

/** The texts that an expression matches from end to end. */
export function matching(expression: Expression): Language {
  return { kind: "expression", expression };
}

export const everything: Language = matching(anything);
export const nothing: Language = { kind: "not", of: everything };

/** The texts that are in all of the languages. */
export function and(...languages: readonly Language[]): Language {
  return languages.reduceRight(
    (right, left) => (right === everything ? left : { kind: "and", left, right }),
    everything,
  );
}

/** The texts that are in any of the languages. */
export function or(...languages: readonly Language[]): Language {
  return languages.reduceRight((right, left) => (right === nothing ? left : { kind: "or", left, right }), nothing);
}

/** The texts that are not in the language. */
export function not(of: Language): Language {
  return { kind: "not", of };
}

/** The texts that are in just one of the two. */
export function difference(left: Language, right: Language): Language {
  return { kind: "differ", left, right };
}

/** The texts that a rewriting takes into the language. */
export function preimage(of: Language, by: Preimage): Language {
  return { kind: "preimage", of, by };
}

/** The texts that begin with a text. */
export function beginningWith(start: string): Language {
  return matching(sequence(text(start), anything));
}

const automata = new WeakMap<Language, Automaton>();

/** The automaton of a language. What two languages share is built once. */
export function automatonOf(language: Language): Automaton {
  const known = automata.get(language);
  if (known !== undefined) return known;
  const made = build(language);
  automata.set(language, made);
  return made;
}

/** The same for a walk that expands each state once: what it is made of is shared, but its own rows are not kept. */
export function automatonOnce(language: Language): Automaton {
  const known = automata.get(language);
  if (known !== undefined || !("left" in language)) return known ?? automatonOf(language);
  const { kind, left, right } = language;
  return pairAutomaton(kind, automatonOf(left), automatonOf(right), { keepsRows: false });
}

function build(language: Language): Automaton {
  switch (language.kind) {
    case "expression":
      return subsetAutomaton(language.expression);
    case "not":
      return complementAutomaton(automatonOf(language.of));
    case "preimage":
      return language.by(automatonOf(language.of));
    default:
      return pairAutomaton(language.kind, automatonOf(language.left), automatonOf(language.right), { keepsRows: true });
  }
}
