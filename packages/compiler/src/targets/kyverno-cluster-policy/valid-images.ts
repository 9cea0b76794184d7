import type { Pattern, Policy } from "@registry-policy/language";
import * as grammar from "../../expressions/reference-grammar.js";
import { jmespathExpression } from "../../jmespath-text.js";
import { patternsOf } from "./allowed-names.js";
import { admitsShortNames } from "./subject.js";

/**
 * JMESPath on the list of pulled images: whether every one is a valid reference, or missing, but for what `isInvalidStill`
 * asks. The list is looked at as one text, since Kyverno compiles an expression whenever it comes to it.
 */
export function allValid(policy: Policy): string {
  const name = namesRegistries(policy) ? nameOnAnything : grammar.name;
  // `(?m)`: Go tries for long to make something better of an expression that is anchored at the text's beginning.
  const list = `(?m)^[[](?:"(?:${name}(?::${grammar.tagOfAnyLength})?(?:@${digest})?)?",?)*[]]$`;
  return `regex_match(${jmespathExpression(list)}, to_string(@))`;
}

/**
 * JMESPath on an image: whether it is invalid, though it has the form of a reference. Lengths are asked of the few
 * images that are long at all, as `{0,127}` would double the cost of the expression for all of them.
 */
export function isInvalidStill(policy: Policy, image: string): string {
  const long = `length(${image}) > \`128\` && (length(${image}) > \`${grammar.maximumLength}\` || regex_match(':[^/@]{129}', ${image}))`;
  if (!admitsShortNames(policy)) return long;
  return `${long} ||\nlength(${image}) == \`64\` && regex_match('${grammar.imageId}', ${image})`;
}

/** The grammar's `name` and more: what has no valid registry is on no list of registries. */
const nameOnAnything = `[][A-Za-z0-9.:_-]+(?:/${grammar.component})*`;

/** A digest, its three lengths counted together: counting is what an expression costs. */
const digest = "sha(?:256:|(?:384:|512:[a-f0-9]{32})[a-f0-9]{32})[a-f0-9]{64}";

/** JMESPath: which of the images of a list are no valid references. */
export function invalidImages(list: string): string {
  return [
    `${list}[?@ != '' && (`,
    `  !regex_match(${jmespathExpression(grammar.reference)}, @) ||`,
    `  regex_match('${grammar.imageId}', @) ||`,
    `  length(@) > \`${grammar.maximumLength}\``,
    ")]",
  ].join("\n");
}

/** Whether the allow list alone sees to it that an admitted image has a valid registry. */
function namesRegistries(policy: Policy): boolean {
  const { allow } = policy.images;
  return allow !== undefined && !admitsShortNames(policy) && patternsOf(allow).every(hasLiteralRegistry);
}

function hasLiteralRegistry({ registry }: Pattern): boolean {
  return registry.kind !== "any" && registry.labels.every((label) => !label.includes("*"));
}
