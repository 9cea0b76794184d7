import type { Policy } from "@registry-policy/language";
import { listExpression } from "../../expressions/pattern-expression.js";
import { jmespathExpression, jmespathText } from "../../jmespath-text.js";
import { patternsOf } from "./allowed-names.js";
import { pulledImages } from "./pulled-images.js";
import { isShortList } from "./refused-images.js";
import { subjectOf } from "./subject.js";
import { invalidImages } from "./valid-images.js";

/**
 * JMESPath for the message of a refusal: which images are refused, with the reasons that the deny list gives. The
 * images stand last, as a JSON array: those that the policy refuses, or else those that are no valid reference.
 */
export function refusalMessage(policy: Policy): string {
  const reasons = policy.images.deny
    .filter((entry) => entry.reason !== undefined)
    .map((entry) => {
      const expression = jmespathExpression(listExpression(patternsOf([entry])));
      const text = jmespathText(` ${entry.text}: ${entry.reason}`);
      return `(refused[?regex_match(${expression}, ${subjectOf(policy).reference})] && ${text} || '')`;
    });
  const parts = [
    jmespathText(`refused by the registry policy ${policy.name}:`),
    ...reasons,
    "((!pulled || contains(pulled, '')) && ' (one is missing)' || '')",
    "' '",
    `to_string(${namedImages(policy)} || \`[]\`)`,
  ];
  const pulled = pulledImages(policy.match.kinds).replaceAll("\n", "\n  ");
  return `[element.refused, ${pulled}] |
{refused: [0], pulled: [1]} |
join('', [\n  ${parts.join(",\n").replaceAll("\n", "\n  ")}\n])`;
}

/**
 * JMESPath on `refused` and `pulled`: the images that the message names. Where `refused` is a list, they are in it; only where
 * it is false is it asked which images are to blame, as each expression is compiled anew for each image.
 */
function namedImages(policy: Policy): string {
  const { allow } = policy.images;
  const reasons =
    allow === undefined || !isShortList(policy)
      ? []
      : [`!regex_match(${jmespathExpression(listExpression(patternsOf(allow)))}, @)`];
  return `refused[?@ != ''] || ${invalidImages("pulled", ...reasons)}`;
}
