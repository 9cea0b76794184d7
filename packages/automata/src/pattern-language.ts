import { isDockerHub, matchesRegistry, type Pattern, parseRegistry, type Registry } from "@registry-policy/language";
import { anything, choice, type Expression, oneOf, repeat, sequence } from "./expression.js";
import { and, everything, type Language, matching, not, nothing, or, preimage } from "./language.js";
import { imageExpression, registryExpression, suffixExpression } from "./pattern-expression.js";
import { prepending, replacingStart } from "./preimage-automata.js";
import { hubSpelling, name, onHub, slash, withRegistry } from "./reference-language.js";
import { allBut, setOf } from "./symbols.js";

/**
 * The valid references that a list of patterns matches, as they are written and not as they are printed: every
 * spelling of a registry, every short name. Texts that are no valid reference may be in it, too.
 *
 * @param defaultRegistry of the policy: where a short name is pulled from, normalised.
 */
export function patternLanguage(patterns: readonly Pattern[], defaultRegistry: string): Language {
  const fallback = parseRegistry(defaultRegistry);
  if ("invalid" in fallback) throw new RangeError(`\`${defaultRegistry}\` is no registry`);
  const explicit = choice(
    ...patterns.map((pattern) => sequence(registryExpression(pattern.registry), slash, imageExpression(pattern))),
  );
  const short = images(patterns, fallback);
  return or(
    preimage(inLibrary(images(patterns, { host: "docker.io" })), replacingHub),
    and(withRegistry, not(onHub), list(explicit)),
    and(not(withRegistry), isDockerHub(fallback) ? inLibrary(short) : short),
  );
}

/** The valid references whose tag, written or implied, one of the globs matches. */
export function tagLanguage(globs: readonly string[]): Language {
  return list(choice(...globs.map((glob) => sequence(name, suffixExpression(glob, undefined)))));
}

const replacingHub = replacingStart(hubSpelling, "");

/** What may follow the registry and its `/`, by the patterns that match this registry. */
function images(patterns: readonly Pattern[], registry: Registry): Language {
  return list(
    choice(...patterns.filter((pattern) => matchesRegistry(pattern.registry, registry)).map(imageExpression)),
  );
}

function list(expression: Expression): Language {
  if (expression.kind === "choice" && expression.items.length === 0) return nothing;
  return matching(expression);
}

/** A repository of one component, and what follows it. */
const official = matching(
  sequence(repeat(oneOf(allBut(setOf("/:@"))), 1), choice(sequence(), sequence(oneOf(setOf(":@")), anything))),
);

/** On Docker Hub, a repository of one component stands for one in `library/`. */
function inLibrary(repositories: Language): Language {
  if (repositories === nothing || repositories === everything) return repositories;
  return or(and(official, preimage(repositories, prepending("library/"))), and(not(official), repositories));
}
