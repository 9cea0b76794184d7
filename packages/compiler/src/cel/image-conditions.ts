import type { Policy } from "@registry-policy/language";
import { tagsExpression } from "../expressions/pattern-expression.js";
import { untagged, withRegistry } from "../expressions/reference-grammar.js";
import { celText } from "./cel-text.js";
import { imageReferences, onDockerHub, validImage } from "./image-references.js";
import { nameTable, needsOf, patternsOf } from "./name-table.js";
import type { NamedExpression } from "./named-expression.js";
import { type Lookup, lookupOf } from "./pattern-lookup.js";

/**
 * The variables up to `refused`: what is not shown to be admitted is refused. They need the variable `images`.
 */
export function refusedImages(policy: Policy): NamedExpression[] {
  const { allow, deny, defaultRegistry } = policy.images;
  const lookups = {
    deny: deny.length > 0 ? lookupOf(nameTable(patternsOf(deny), "deny"), "deny") : undefined,
    allow: allow && lookupOf(nameTable(patternsOf(allow), "allow"), "allow"),
  };
  const needed = [lookups.deny, lookups.allow].filter((lookup) => lookup !== undefined);
  if (needed.length === 0) {
    return [refused("images", "image", [...validImage, ...imageConditions(policy, lookups, "image")])];
  }
  const shortName = defaultRegistry === "docker.io" ? onDockerHub("image") : celText(`${defaultRegistry}/`);
  return [
    imageReferences(shortName, needsOf(needed.map(({ table }) => table))),
    ...needed.flatMap(({ variables }) => variables),
    refused("references", "it", ["it.reference != ''", ...imageConditions(policy, lookups, "it.image")]),
  ];
}

function refused(list: string, item: string, conditions: readonly string[]): NamedExpression {
  const filter = `variables.${list}.filter(${item}, !(\n  ${conditions.join(" &&\n  ")}\n))`;
  return {
    name: "refused",
    expression: `// The images that are not shown to be allowed.\n${filter}${item === "it" ? ".map(it, it.image)" : ""}`,
  };
}

interface Lookups {
  readonly deny: Lookup | undefined;
  readonly allow: Lookup | undefined;
}

function imageConditions({ images }: Policy, { deny, allow }: Lookups, image: string): string[] {
  const { require, denyTags } = images;
  return [
    deny && `!${deny.condition}`,
    allow?.condition,
    require.explicitRegistry && `${image}.matches(${celText(withRegistry)})`,
    require.explicitTag && `!${image}.matches(${celText(untagged)})`,
    denyTags.length > 0 && `!${image}.matches(${celText(tagsExpression(denyTags.map((tag) => tag.text)))})`,
    require.digest && `${image}.contains('@')`,
  ].filter((condition) => condition !== undefined && condition !== false);
}
