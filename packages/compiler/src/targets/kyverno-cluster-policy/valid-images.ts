import type { Pattern, Policy } from "@registry-policy/language";
import * as grammar from "../../expressions/reference-grammar.js";
import { jmespathExpression } from "../../jmespath-text.js";
import { patternsOf } from "./allowed-names.js";
import { admitsShortNames } from "./subject.js";

/**
 * JMESPath on a list of images: whether every one is a valid reference, or missing, but for what `isInvalidStill` asks. The
 * list is looked at as one text, since Kyverno compiles an expression whenever it comes to it.
 *
 * @param list JMESPath for the list.
 */
export function allValid(policy: Policy, list: string): string {
  const name = namesRegistries(policy) ? nameOnAnything : grammar.name;
  return eachMatches(`(?:${name}${tagAndDigest})?`, list);
}

/** JMESPath for whether each text of a list matches an expression, which must not match a quote. */
export function eachMatches(expression: string, list: string): string {
  // `(?m)`: Go tries for long to make something better of an expression that is anchored at the text's beginning.
  return `regex_match(${jmespathExpression(`(?m)^[[](?:"${expression}",?)*[]]$`)}, to_string(${list}))`;
}

/**
 * JMESPath on an image: whether it is invalid, though it has the form of a reference. Lengths are asked of the few
 * images that need it, as counting (`{0,127}`, `{64}`) would double the cost of the expression for all of them.
 */
export function isInvalidStill(policy: Policy, image: string): string {
  const conditions = [
    `contains(${image}, '@') && length(split(${image}, '@sha256:')[1] || '') != \`64\` && !regex_match('${otherDigest}', ${image})`,
    `length(${image}) > \`128\` && regex_match('${admitsShortNames(policy) ? tooLong : tooLongWithRegistry}', ${image})`,
    ...(admitsShortNames(policy) ? [`length(${image}) == \`64\` && regex_match('${grammar.imageId}', ${image})`] : []),
  ];
  return conditions.join(" ||\n");
}

const otherDigest = "@sha(?:384:.{96}|512:.{128})$";

/** The image, or its tag: what follows the first `:` behind the last `/`. */
const longTag = "[^/:@]*:[^/@]{129}[^/]*$";
const tooLong = `.{${grammar.maximumLength + 1}}|^(?:.*/)?${longTag}`;
const tooLongWithRegistry = `.{${grammar.maximumLength + 1}}|/${longTag}`;

/** The grammar's `name` and more: what has no valid registry is on no list of registries. */
const nameOnAnything = `[][A-Za-z0-9.:_-]+(?:/${grammar.component})*`;

/** Tag and digest of any length. */
export const tagAndDigest = `(?::${grammar.tagOfAnyLength})?(?:@sha(?:256|384|512):[a-f0-9]+)?`;

/** Whether the allow list alone sees to it that an admitted image has a valid registry. */
function namesRegistries(policy: Policy): boolean {
  const { allow } = policy.images;
  return allow !== undefined && !admitsShortNames(policy) && patternsOf(allow).every(hasLiteralRegistry);
}

function hasLiteralRegistry({ registry }: Pattern): boolean {
  return registry.kind !== "any" && registry.labels.every((label) => !label.includes("*"));
}
