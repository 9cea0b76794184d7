import type { Policy } from "@registry-policy/language";
import { listExpression } from "../../expressions/pattern-expression.js";
import { jmespathExpression, jmespathText } from "../../jmespath-text.js";
import { patternsOf } from "./allowed-names.js";
import { passes } from "./refused-images.js";
import { subjectOf } from "./subject.js";
import { isInvalidStill } from "./valid-images.js";

/**
 * JMESPath for the message of a refusal: which images are refused, with the reasons that the deny list gives. The
 * images stand last, as a JSON array: those in the verdict's list, or where it is false, those that the verdict's own
 * conditions refuse, each alone. So what names an image is what refuses it.
 */
export function refusalMessage(policy: Policy): string {
  const reasons = policy.images.deny
    .filter((entry) => entry.reason !== undefined)
    .map((entry) => {
      const expression = jmespathExpression(listExpression(patternsOf([entry])));
      const text = jmespathText(` ${entry.text}: ${entry.reason}`);
      return `(refused[?regex_match(${expression}, ${subjectOf(policy).reference})] && ${text} || '')`;
    });
  const isRefused = `!${passes(policy, "[@]")} ||\n${isInvalidStill(policy, "@")}`.replaceAll("\n", "\n  ");
  const parts = [
    jmespathText(`refused by the registry policy ${policy.name}:`),
    ...reasons,
    "((!pulled || contains(pulled, '')) && ' (one is missing)' || '')",
    "' '",
    `to_string(refused[?@ != ''] || pulled[?@ != '' && (\n  ${isRefused}\n)] || \`[]\`)`,
  ];
  // In brackets, as Kyverno refuses a message that begins with `element`, though it knows it there (variables/vars.go).
  return `(element) |
join('', [\n  ${parts.join(",\n").replaceAll("\n", "\n  ")}\n])`;
}
