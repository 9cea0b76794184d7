import type { Pattern, PatternEntry, Policy } from "@registry-policy/language";
import { listExpression, tagsExpression } from "../../expressions/pattern-expression.js";
import { untagged, withRegistry } from "../../expressions/reference-grammar.js";
import { jmespathExpression, jmespathText } from "../../jmespath-text.js";
import { subjectOf } from "./subject.js";

/**
 * JMESPath on the list `pulled` of valid images: those that the policy refuses. Comparisons with a literal name are
 * written as such, one a line; Kyverno compiles an expression anew for every image, so only what needs one has one.
 */
export function refusedImages(policy: Policy): string {
  const conditions = imageConditions(policy);
  if (conditions.length === 0) return "pulled[?`false`]";
  const condition = conditions.join(" &&\n  ");
  return `pulled[?!(${subjectHash(policy, condition)} | (\n  ${condition}\n))]`;
}

/** An object with those parts of an image that the condition looks at. */
function subjectHash(policy: Policy, condition: string): string {
  const { reference, name } = subjectOf(policy);
  if (!/\bname\b/.test(condition)) return `{image: @, reference: ${reference}}`;
  return `{image: @, reference: ${reference}} |\n  {image: image, reference: reference, name: ${name}}`;
}

function imageConditions({ images }: Policy): string[] {
  const { allow, deny, require, denyTags } = images;
  return [
    deny.length > 0 && `!${matches(listExpression(patternsOf(deny)), "reference")}`,
    allow !== undefined && oneOf(patternsOf(allow)),
    require.explicitRegistry && matches(withRegistry, "image"),
    require.explicitTag && `!${matches(untagged, "image")}`,
    denyTags.length > 0 && `!${matches(tagsExpression(denyTags.map((tag) => tag.text)), "image")}`,
    require.digest && "contains(image, '@')",
  ].filter((condition) => condition !== false);
}

function oneOf(patterns: readonly Pattern[]): string {
  const expressed = patterns.filter((pattern) => nameCondition(pattern) === undefined);
  const alternatives = [...new Set(patterns.map(nameCondition).filter((condition) => condition !== undefined))].sort();
  if (expressed.length > 0) alternatives.push(matches(listExpression(expressed), "reference"));
  return alternatives.length === 1 ? (alternatives[0] ?? "") : `(\n    ${alternatives.join(" ||\n    ")}\n  )`;
}

/** A pattern as a comparison of names; `undefined` where it has a wildcard, a port, a tag or a digest to look at. */
function nameCondition({ registry, repository, tag, digest }: Pattern): string | undefined {
  if (tag !== undefined || digest !== undefined || registry.kind === "any" || registry.port !== "default")
    return undefined;
  const host = registry.labels.join(".");
  // A name has lost its port 443, so a host without a dot could be the first component of a short name.
  if (host.includes("*") || !(host.includes(".") || host === "localhost")) return undefined;
  const isPrefix = repository.at(-1) === "**";
  const components = isPrefix ? repository.slice(0, -1) : repository;
  if (components.some((component) => component.includes("*"))) return undefined;
  const name = [host, ...components].join("/");
  return isPrefix ? `starts_with(name, ${jmespathText(`${name}/`)})` : `name == ${jmespathText(name)}`;
}

function matches(expression: string, subject: string): string {
  return `regex_match(${jmespathExpression(expression)}, ${subject})`;
}

export function patternsOf(entries: readonly PatternEntry[]): Pattern[] {
  return entries.flatMap((entry) => entry.patterns);
}
