import type { Policy } from "@registry-policy/language";
import { listExpression, tagsExpression } from "../../expressions/pattern-expression.js";
import { untagged, withRegistry } from "../../expressions/reference-grammar.js";
import { jmespathExpression } from "../../jmespath-text.js";
import { type AllowedNames, allowedNames, candidates, isListed, onlyDepth, patternsOf } from "./allowed-names.js";
import { allNamed } from "./named-images.js";
import { subjectOf } from "./subject.js";
import { allValid, isInvalidStill } from "./valid-images.js";

/**
 * JMESPath on the list of pulled images: those that are refused, the missing among them. It is false, too, where `passes`
 * is.
 */
export function refusedImages(policy: Policy): string {
  const stillInvalid = isInvalidStill(policy, "@");
  const first = `${passes(policy, "@")} &&\n`;
  const names = soleNames(policy);
  if (names !== undefined) return first + (isShortList(names) ? `[?${stillInvalid}]` : refusedByName(policy, names));
  const conditions = imageConditions(policy);
  const invalid = `@ == '' ||\n${stillInvalid}`;
  if (conditions.length === 0) return `${first}[?${invalid}]`;
  const condition = conditions.join(" &&\n");
  return `${first}[?${invalid} ||\n!(${subjectHash(policy, condition)} | (\n${condition}\n))]`;
}

/**
 * JMESPath for what is asked first of all images of a list together: whether none is without the form of a reference or, of
 * a policy that is a short list of names, without one of these names.
 *
 * @param list JMESPath for the list.
 */
export function passes(policy: Policy, list: string): string {
  const names = soleNames(policy);
  return (names && allNamed(names, list)) ?? allValid(policy, list);
}

function isShortList(names: AllowedNames): boolean {
  return allNamed(names, "@") !== undefined;
}

/** The names of a policy that is nothing but a list of names, none of which a short name could be short for. */
function soleNames(policy: Policy): AllowedNames | undefined {
  const { allow } = policy.images;
  if (allow === undefined || imageConditions(policy).length > 1 || subjectOf(policy).reference !== "@")
    return undefined;
  const names = allowedNames(patternsOf(allow));
  return names.expressed.length === 0 ? names : undefined;
}

/**
 * The names of all images are taken out of one text, as Kyverno compiles an expression anew for every image. What is
 * on another port than 443 has its host alone for a name, which no list has.
 */
function refusedByName(policy: Policy, names: AllowedNames): string {
  const depth = onlyDepth(names);
  const path = depth === undefined ? `((?:${component})*)` : `(${component.repeat(depth - 1)}/)?`;
  const named = `regex_replace_all('"([^/":]*)(?::0*443)?${path}[^"]*"', to_string(@), '{"image": $0, "name": "$1$2"}')`;
  const name = "to_lower(name)";
  const listed = isListed(names, depth === undefined ? candidates(names, name) : [name]);
  return `parse_json(${named})[?${isInvalidStill(policy, "image")} ||\n!${listed}].image`;
}

const component = '/[^/":@]+';

/** An object with those parts of an image that the condition looks at. */
function subjectHash(policy: Policy, condition: string): string {
  const { reference, name } = subjectOf(policy);
  if (!/\bname\b/.test(condition)) return `{image: @, reference: ${reference}}`;
  return `{image: @, reference: ${reference}} |\n{image: image, reference: reference, name: ${name}}`;
}

/**
 * Names are looked up, and the rest has an expression: Kyverno compiles it for every image that is not among the names.
 */
function imageConditions({ images }: Policy): string[] {
  const { allow, deny, require, denyTags } = images;
  return [
    deny.length > 0 && `!${matches(listExpression(patternsOf(deny)), "reference")}`,
    allow !== undefined && isAllowed(allowedNames(patternsOf(allow))),
    require.explicitRegistry && matches(withRegistry, "image"),
    require.explicitTag && `!${matches(untagged, "image")}`,
    denyTags.length > 0 && `!${matches(tagsExpression(denyTags.map((tag) => tag.text)), "image")}`,
    require.digest && "contains(image, '@')",
  ].filter((condition) => condition !== false);
}

function isAllowed(allowed: AllowedNames): string {
  const { names, expressed } = allowed;
  if (names.length === 0) return matches(listExpression(expressed), "reference");
  const listed = isListed(allowed, candidates(allowed, "name"));
  return expressed.length === 0 ? listed : `(${listed} ||\n${matches(listExpression(expressed), "reference")})`;
}

function matches(expression: string, subject: string): string {
  return `regex_match(${jmespathExpression(expression)}, ${subject})`;
}
