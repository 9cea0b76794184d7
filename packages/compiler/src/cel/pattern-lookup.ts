import { listExpression } from "../expressions/pattern-expression.js";
import { celText, celTexts } from "./cel-text.js";
import type { NameForm, NameGroup, NameTable } from "./name-table.js";
import type { NamedExpression } from "./named-expression.js";

/** A list of patterns as a condition on an entry `it` of `references`, and the variables that it needs. */
export interface Lookup {
  readonly table: NameTable;
  readonly variables: readonly NamedExpression[];
  readonly condition: string;
}

/** A longer list is spread over several variables, as cel-go reads no expression of 100,000 characters… */
const longestNames = 60_000;

/** … and an engine stops one that costs too much: as long as the expressions of one list may be together. */
const longestExpression = 1_000;

/** A list of patterns as what can be looked up, and the expressions for the rest. */
export function lookupOf(table: NameTable, list: "allow" | "deny"): Lookup {
  const word = list === "allow" ? "allowed" : "denied";
  const parts = [
    namesOf(`${word}Names`, table, list),
    conditionsOf(
      `${word}Patterns`,
      chunksOf(table.expressed, longestExpression, (pattern) => listExpression([pattern]).length).map(
        (patterns) => `it.reference.matches(${celText(listExpression(patterns))})`,
      ),
    ),
  ];
  const alternatives = parts.flatMap(({ alternatives }) => alternatives);
  return { table, variables: parts.flatMap(({ variables }) => variables), condition: anyOf(alternatives, "  ") };
}

/** Of several conditions any, one a line. */
function anyOf(conditions: readonly string[], indent: string): string {
  if (conditions.length === 1) return conditions[0] ?? "";
  return `(\n${indent}  ${conditions.join(` ||\n${indent}  `)}\n${indent})`;
}

interface Part {
  readonly alternatives: readonly string[];
  readonly variables: readonly NamedExpression[];
}

/** The names in one condition, or in as many as there have to be. */
function namesOf(name: string, { groups }: NameTable, list: "allow" | "deny"): Part {
  const weightOf = (text: string) => text.length + 10;
  const weight = groups.flatMap(({ names }) => names).reduce((sum, text) => sum + weightOf(text), 0);
  if (groups.length === 0) return { alternatives: [], variables: [] };
  if (weight <= longestNames) {
    const together = list === "allow" ? groups.map((group) => [group]) : [groups];
    return { alternatives: together.map((some) => isListed(some, list)), variables: [] };
  }
  const chunks = groups.flatMap(({ form, names }) =>
    chunksOf(names, longestNames, weightOf).map((chunk) => ({ form, names: chunk })),
  );
  return conditionsOf(
    name,
    chunks.map((chunk) => isListed([chunk], list)),
  );
}

/** One condition stands where it is needed; of several, each is a variable with the images for which it holds. */
function conditionsOf(name: string, conditions: readonly string[]): Part {
  if (conditions.length <= 1) return { alternatives: conditions, variables: [] };
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
function isListed(groups: readonly NameGroup[], list: "allow" | "deny"): string {
  const isOneOf = (reference: string, indent: string) =>
    anyOf(
      groups.map(({ form, names }) => `${candidate(form, reference)} in ${celTexts(names, `${indent}  `)}`),
      indent,
    );
  if (list === "allow") return isOneOf("it.reference", "  ");
  // A pattern that denies covers every port.
  return `[it.reference.replace(it.reference.find('(?::[0-9]+)?/'), '/')].exists(reference,
    ${isOneOf("reference", "    ")}
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

/** What an image is called in a group of names of one form. */
export function candidate(form: NameForm, reference: string): string {
  if (typeof form === "object") {
    return `${reference}.find('^${form.below === 1 ? "[^/]+/" : `(?:[^/]+/){${form.below}}`}')`;
  }
  const repository = `${reference}.find('^[^/]+/[^:@]+')`;
  return {
    repository,
    tag: `${reference}.split('@')[0]`,
    digest: `${repository} + ${reference}.find('@.*$')`,
    "tag-and-digest": reference,
  }[form];
}
