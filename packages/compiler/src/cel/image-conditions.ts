import type { Policy } from "@registry-policy/language";
import { listExpression, tagsExpression } from "../expressions/pattern-expression.js";
import { untagged, withRegistry } from "../expressions/reference-grammar.js";
import { celText, celTexts } from "./cel-text.js";
import { imageReferences, validImages } from "./image-references.js";
import { type NameTable, nameTable, needsOf, patternsOf } from "./name-table.js";
import type { NamedExpression } from "./named-expression.js";

/**
 * The variables from `valid` to `refused`: what is not shown to be admitted is refused. They need the variable `images`.
 */
export function refusedImages(policy: Policy): NamedExpression[] {
  const tables = {
    deny: policy.images.deny.length > 0 ? nameTable(patternsOf(policy.images.deny), "deny") : undefined,
    allow: policy.images.allow && nameTable(patternsOf(policy.images.allow), "allow"),
  };
  const needed = [tables.allow, tables.deny].filter((table) => table !== undefined);
  const needsReferences = needed.length > 0;
  const conditions = imageConditions(policy, tables, needsReferences ? "it.image" : "image");
  const filter = (list: string, item: string) =>
    `variables.${list}.filter(${item},\n  ${conditions.join(" &&\n  ")}\n)`;
  return [
    validImages,
    ...(needsReferences ? imageReferences(policy.images.defaultRegistry, needsOf(needed)) : []),
    ...(conditions.length === 0
      ? []
      : [
          {
            name: "admitted",
            expression: needsReferences ? `${filter("references", "it")}.map(it, it.image)` : filter("valid", "image"),
          },
        ]),
    {
      name: "refused",
      expression: `variables.images.filter(image, !(image in variables.${conditions.length === 0 ? "valid" : "admitted"}))`,
    },
  ];
}

interface Tables {
  readonly deny: NameTable | undefined;
  readonly allow: NameTable | undefined;
}

function imageConditions({ images }: Policy, { deny, allow }: Tables, image: string): string[] {
  const { require, denyTags } = images;
  return [
    deny !== undefined && `!${matchesList(deny, "deny")}`,
    allow !== undefined && matchesList(allow, "allow"),
    require.explicitRegistry && `${image}.matches(${celText(withRegistry)})`,
    require.explicitTag && `!${image}.matches(${celText(untagged)})`,
    denyTags.length > 0 && `!${image}.matches(${celText(tagsExpression(denyTags.map((tag) => tag.text)))})`,
    require.digest && `${image}.contains('@')`,
  ].filter((condition) => condition !== false);
}

/**
 * CEL on an entry `it` of `references`. What the image may be called is looked up in the list of names; cel-go makes a
 * set of a constant list (decOptimize in interpreter/decorators.go), so its length costs nothing on a review.
 */
function matchesList(table: NameTable, list: "allow" | "deny"): string {
  const alternatives = [];
  if (table.names.length > 0) {
    const subject = list === "allow" ? "it.reference" : "reference";
    const isListed = `[${candidates(table, subject)}].exists(name, name in ${celTexts(table.names, "    ")})`;
    // A pattern that denies covers every port.
    const withoutPort = "it.reference.replace(it.reference.find('(?::[0-9]+)?/'), '/')";
    alternatives.push(list === "allow" ? isListed : `[${withoutPort}].exists(reference,\n    ${isListed}\n  )`);
  }
  if (table.expressed.length > 0) {
    alternatives.push(`it.reference.matches(${celText(listExpression(table.expressed))})`);
  }
  return alternatives.length === 1 ? (alternatives[0] ?? "") : `(\n    ${alternatives.join(" ||\n    ")}\n  )`;
}

/** What an image may be called in the list: its name, with its tag or digest, and all that the name is below. */
function candidates(table: NameTable, reference: string): string {
  const name = `${reference}.find('^[^/]+/[^:@]+')`;
  return [
    ...table.depths.map((depth) => `${reference}.find('^${depth === 1 ? "[^/]+/" : `(?:[^/]+/){${depth}}`}')`),
    ...(table.hasNames ? [name] : []),
    ...(table.hasTags ? [`${reference}.split('@')[0]`] : []),
    ...(table.hasDigests ? [`${name} + ${reference}.find('@.*$')`] : []),
    ...(table.hasTagsWithDigests ? [reference] : []),
  ].join(", ");
}
