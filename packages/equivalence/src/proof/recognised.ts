import { differenceOf, type Language, validReferences, withRegistry } from "@registry-policy/automata";

/**
 * A language that is equal to one of those that a policy's own is made of is taken for that one: what the two have in
 * common is then seen without a search.
 *
 * @param language the references that are valid, or the texts that begin with a registry, as an emitted file has them.
 */
export function recognised(language: Language): Language {
  return [withRegistry, validReferences].find((own) => differenceOf(language, own) === undefined) ?? language;
}
