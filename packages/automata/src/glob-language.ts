import { anything, choice, sequence, text } from "./expression.js";
import { type Language, matching, nothing } from "./language.js";
import { hasOwnSymbol } from "./symbols.js";

/**
 * The texts that one of several globs matches, in which `*` is zero or more characters.
 *
 * @returns `undefined` where a glob has a character that is not ASCII, which an automaton does not tell from another.
 */
export function globLanguage(globs: readonly string[]): Language | undefined {
  if (globs.some((glob) => [...glob].some((character) => !hasOwnSymbol(character)))) return undefined;
  if (globs.length === 0) return nothing;
  return matching(
    choice(
      ...globs.map((glob) =>
        sequence(...glob.split("*").flatMap((piece, index) => [...(index > 0 ? [anything] : []), text(piece)])),
      ),
    ),
  );
}
