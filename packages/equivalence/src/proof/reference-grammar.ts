import {
  contains,
  differenceOf,
  type Language,
  matching,
  parseAlternatives,
  parseExpression,
  validReferences,
  withRegistry,
} from "@registry-policy/automata";
import { Unreadable } from "./proof.js";

/*
 * What every policy has in common. It is held against the language reference by itself, whatever the policy's patterns
 * leave of it: what is wrong with it in one file would show in another. And where the same language is on both sides of a
 * comparison, nothing has to be searched for.
 */

/**
 * The valid references, as an emitted file has them.
 *
 * @param place what of the file has them, for the error.
 * @throws Unreadable with the shortest text about which the file is wrong.
 */
export function asValidReferences(written: Language, place: string): Language {
  return as(validReferences, written, place, "a valid reference");
}

/** The valid references, if these are they; what a file does not have apart from its policy's patterns stays as it is. */
export function validIfEqual(written: Language): Language {
  const isAlike = telling.every((text) => contains(written, text) === contains(validReferences, text));
  return isAlike && differenceOf(written, validReferences) === undefined ? validReferences : written;
}

/** Texts of which something else says something else: to ask about them takes less than to search. */
const telling = ["a", "a".repeat(64), `a:${"a".repeat(129)}`];

/** The texts in which a registry is written, as an emitted file has them: in the way of `asValidReferences`. */
export function asWithRegistry(written: Language, place: string): Language {
  return as(withRegistry, written, place, "one that begins with a registry");
}

function as(own: Language, written: Language, place: string, what: string): Language {
  const difference = differenceOf(written, own);
  if (difference === undefined) return own;
  const verb = difference.isIn === "left" ? "takes" : "does not take";
  throw new Unreadable(`${place} ${verb} \`${difference.text}\` for ${what}`);
}

/**
 * The texts that an expression matches. Without a beginning and an end it could have more states than there is room for.
 *
 * @throws Unreadable for one that does not match from end to end.
 */
export function whole(expression: string, place: string): Language {
  const language = anchored(expression);
  if (language === undefined) throw new Unreadable(`${place} has an expression that is not about whole images`);
  return language;
}

/** The texts that an expression matches from end to end; undefined for one that does not say so. */
export function anchored(expression: string): Language | undefined {
  const isWhole = parseAlternatives(expression).every(({ atStart, atEnd }) => atStart && atEnd);
  return isWhole ? matching(parseExpression(expression)) : undefined;
}
