import type { PatternEntry, Policy } from "@registry-policy/language";
import { celText } from "../../cel/cel-text.js";
import type { CelCosts } from "../../cel/cost-limits.js";
import { nameTable, patternsOf } from "../../cel/name-table.js";
import { toldReasons } from "../../cel/refusal-message.js";
import { listExpression, tagsExpression } from "../../expressions/pattern-expression.js";
import { deepestFolder, named, templateValidation, templateVariables } from "./template-code.js";

/**
 * What costs something for a policy: the code of the template without what asks for the names of a list that there is
 * not, and with the expressions of the parameters.
 */
export function costsOf({ images }: Policy, withReasons: boolean): CelCosts {
  const { allow, deny, denyTags } = images;
  const absent = [...(allow === undefined ? [named.allow] : []), ...(deny.length === 0 ? [named.deny] : [])];
  const expressions = [
    ...expressed(allow ?? [], "allow"),
    ...expressed(deny, "deny"),
    ...(denyTags.length > 0 ? [matched(tagsExpression(denyTags.map((tag) => tag.text)))] : []),
  ];
  const refusing = (expression: string) =>
    [absent.reduce((rest, text) => rest.replace(text, () => ""), expression), ...expressions].join("\n");
  const reasons = withReasons ? toldReasons(deny).map(({ expression }) => matched(expression)) : [];
  return {
    variables: templateVariables.map(({ name, expression }) => ({
      name,
      expression: name === "refused" ? refusing(expression) : expression,
    })),
    messageExpression: templateValidation.messageExpression + reasons.join("\n"),
  };
}

function expressed(entries: readonly PatternEntry[], list: "allow" | "deny"): string[] {
  const patterns = nameTable(patternsOf(entries), list, deepestFolder).expressed;
  return patterns.length > 0 ? [matched(listExpression(patterns))] : [];
}

function matched(expression: string): string {
  return `it.reference.matches(${celText(expression)})`;
}
