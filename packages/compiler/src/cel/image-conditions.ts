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
  const { allow, deny } = policy.images;
  const lookups = {
    deny: deny.length > 0 ? lookupOf(nameTable(patternsOf(deny), "deny"), "deny") : undefined,
    allow: allow && lookupOf(nameTable(patternsOf(allow), "allow"), "allow"),
  };
  const needed = [lookups.deny, lookups.allow].filter((lookup) => lookup !== undefined);
  const [list, item, image] = needed.length > 0 ? ["references", "it", "it.image"] : ["valid", "image", "image"];
  const conditions = imageConditions(policy, lookups, image ?? "");
  const admitted = `// The images that the policy allows.\nvariables.${list}.filter(${item},\n  ${conditions.join(" &&\n  ")}\n)`;
  const refusedOf = (shown: string) => `variables.images.filter(image, !(image in variables.${shown}))`;
  if (conditions.length === 0) return [validImages, { name: "refused", expression: refusedOf("valid") }];
  const tables = needed.map(({ table }) => table);
  return [
    validImages,
    ...(needed.length > 0 ? imageReferences(policy.images.defaultRegistry, needsOf(tables)) : []),
    ...needed.flatMap(({ variables }) => variables),
    { name: "admitted", expression: needed.length > 0 ? `${admitted}.map(it, it.image)` : admitted },
    { name: "refused", expression: refusedOf("admitted") },
  ];
}

/** A list of patterns as a condition on an entry `it` of `references`, and the variables that it needs. */
interface Lookup {
  readonly table: NameTable;
  readonly variables: readonly NamedExpression[];
  readonly condition: string;
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

/** A longer list is spread over several variables, as cel-go reads no expression of 100,000 characters… */
const longestNames = 60_000;

/** … and an engine stops one that costs too much: as long as the expressions of one list may be together. */
const longestExpression = 1_000;

function lookupOf(table: NameTable, list: "allow" | "deny"): Lookup {
  const word = list === "allow" ? "allowed" : "denied";
  const parts = [
    conditionsOf(
      `${word}Names`,
      chunksOf(table.names, longestNames, (name) => name.length + 10).map((names) => isListed(table, names, list)),
    ),
    conditionsOf(
      `${word}Patterns`,
      chunksOf(table.expressed, longestExpression, (pattern) => listExpression([pattern]).length).map(
        (patterns) => `it.reference.matches(${celText(listExpression(patterns))})`,
      ),
    ),
  ];
  const alternatives = parts.flatMap(({ alternatives }) => alternatives);
  const condition =
    alternatives.length === 1 ? (alternatives[0] ?? "") : `(\n    ${alternatives.join(" ||\n    ")}\n  )`;
  return { table, variables: parts.flatMap(({ variables }) => variables), condition };
}

/** One condition stands where it is needed; of several, each is a variable with the images for which it holds. */
function conditionsOf(
  name: string,
  conditions: readonly string[],
): { alternatives: string[]; variables: NamedExpression[] } {
  if (conditions.length <= 1) return { alternatives: [...conditions], variables: [] };
  const variables = conditions.map((condition, index) => ({
    name: `${name}${index + 1}`,
    expression: `variables.references.filter(it,\n  ${condition}\n).map(it, it.image)`,
  }));
  return { alternatives: variables.map((variable) => `it.image in variables.${variable.name}`), variables };
}

/**
 * Whether what an image may be called is among the names. cel-go makes a set of a constant list (decOptimize in
 * interpreter/decorators.go), so its length costs nothing on a review.
 */
function isListed(table: NameTable, names: readonly string[], list: "allow" | "deny"): string {
  const isOneOf = (reference: string) =>
    `[${candidates(table, reference)}].exists(name, name in ${celTexts(names, "    ")})`;
  if (list === "allow") return isOneOf("it.reference");
  // A pattern that denies covers every port.
  return `[it.reference.replace(it.reference.find('(?::[0-9]+)?/'), '/')].exists(reference,
    ${isOneOf("reference")}
  )`;
}

/** Items in their order, in as few groups as the weight that one may have allows. */
function chunksOf<T>(items: readonly T[], mostWeight: number, weightOf: (item: T) => number): T[][] {
  const chunks: T[][] = [];
  let weight = mostWeight;
  for (const item of items) {
    weight += weightOf(item);
    if (weight > mostWeight) {
      chunks.push([]);
      weight = weightOf(item);
    }
    chunks.at(-1)?.push(item);
  }
  return chunks;
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
