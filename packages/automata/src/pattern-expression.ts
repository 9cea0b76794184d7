import { matchesGlob, type Pattern, type RegistryPattern } from "@registry-policy/language";
import { anything, type Expression, oneOf, optional, repeat, sequence, text } from "./expression.js";
import { slash } from "./reference-language.js";
import { allBut, rangeOf, setOf } from "./symbols.js";

/*
 * The parts of patterns as expressions on valid references. Validity is not asked for again: these are only ever looked
 * at together with `validReferences`.
 */

const labelCharacters = oneOf(rangeOf("a", "z") | rangeOf("A", "Z") | rangeOf("0", "9") | setOf("-"));
const digits = oneOf(rangeOf("0", "9"));
const componentCharacters = oneOf(allBut(setOf("/:@")));
const component = repeat(componentCharacters, 1);
/** Without `/`, or the port of a registry and all that follows would pass for a tag. */
const tagCharacters = repeat(oneOf(allBut(setOf("/@"))), 0);

/** Every way in which a registry that the pattern matches is written, those of Docker Hub apart. */
export function registryExpression(pattern: RegistryPattern): Expression {
  if (pattern.kind === "any") return repeat(oneOf(allBut(setOf("/"))), 1);
  const isOpen = pattern.labels[0] === "**";
  const wanted = isOpen ? pattern.labels.slice(1) : pattern.labels;
  const open = isOpen ? [repeat(sequence(repeat(labelCharacters, 1), text(".")), 1)] : [];
  const labels = wanted.flatMap((label, index) => [
    ...(index > 0 ? [text(".")] : []),
    glob(label, repeat(labelCharacters, 1), true),
  ]);
  return sequence(...open, ...labels, portExpression(pattern.port));
}

function portExpression(port: string): Expression {
  const zeros = sequence(text(":"), repeat(text("0"), 0));
  if (port === "default") return optional(sequence(zeros, text("443")));
  if (port === "any") return optional(sequence(text(":"), repeat(digits, 1)));
  return sequence(zeros, text(port));
}

/** The repository and what follows it, to the end. */
export function imageExpression({
  repository,
  tag,
  digest,
}: Pick<Pattern, "repository" | "tag" | "digest">): Expression {
  return sequence(repositoryExpression(repository), suffixExpression(tag, digest));
}

function repositoryExpression(repository: readonly string[]): Expression {
  return sequence(
    ...repository.map((part, index) => {
      const isLast = index === repository.length - 1;
      if (part === "**") {
        return isLast
          ? sequence(component, repeat(sequence(slash, component), 0))
          : repeat(sequence(component, slash), 0);
      }
      return sequence(glob(part, repeat(componentCharacters, 0), false), ...(isLast ? [] : [slash]));
    }),
  );
}

/** What follows the repository, to the end. */
export function suffixExpression(tag: string | undefined, digest: string | undefined): Expression {
  const digestPart = digest === undefined ? anyDigest : sequence(text("@"), glob(digest, anything, false));
  if (tag === undefined) return digest === undefined ? anySuffix : sequence(anyTag, digestPart);
  const written = sequence(text(":"), glob(tag, tagCharacters, false), digestPart);
  // `latest` that nobody wrote counts where there is no digest.
  return digest === undefined && matchesGlob(tag, "latest") ? optional(written) : written;
}

const anyTag = optional(sequence(text(":"), tagCharacters));
const anyDigest = optional(sequence(text("@"), anything));
const anySuffix = optional(sequence(oneOf(setOf(":@")), anything));

/** A glob as an expression: `*` becomes `star`, every other character stands for itself. */
function glob(value: string, star: Expression, fold: boolean): Expression {
  return sequence(...value.split("*").flatMap((piece, index) => [...(index > 0 ? [star] : []), text(piece, fold)]));
}
