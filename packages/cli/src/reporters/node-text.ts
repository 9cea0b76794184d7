import type { NodeCheck } from "@registry-policy/equivalence";
import { escapeText } from "@registry-policy/language";
import { painter } from "../paint.js";
import { wrapText } from "./wrap-text.js";

/**
 * What the evaluators of nodes' files say of fixtures, for a person: each image on which one does not agree, and a line
 * for each target.
 */
export function nodeText(
  checks: readonly NodeCheck[],
  { columns, colour }: { readonly columns: number; readonly colour: boolean },
): string {
  const paint = painter(colour);
  const signed = (sign: string, text: string) =>
    wrapText(escapeText(text), columns - 2).map((line, index) => `${index === 0 ? sign : " "} ${line}\n`);
  return [...new Set(checks.map(({ target }) => target))]
    .flatMap((target) => {
      const ofTarget = checks.filter((check) => check.target === target);
      const disagreements = ofTarget.flatMap((check) => check.disagreements.map((one) => ({ ...check, ...one })));
      const agreed = sumOf(ofTarget, ({ agreed }) => agreed);
      const lost = sumOf(ofTarget, ({ lost }) => lost);
      const isGood = disagreements.length === 0;
      return [
        ...disagreements.flatMap(({ policy, name, image, admittedBy }) =>
          signed(
            paint("bad", "✗"),
            admittedBy === "node"
              ? `\`${target}\` admits \`${image}\`, which the policy ${policy} refuses: ${name}`
              : `\`${target}\` refuses \`${image}\`, which the policy ${policy} allows: ${name}`,
          ),
        ),
        ...signed(
          isGood ? paint("good", agreed > 0 ? "✓" : " ") : paint("bad", "✗"),
          `${target}, for nodes: agreed on ${agreed} of ${agreed + lost + disagreements.length} images${losing(lost)}`,
        ),
      ];
    })
    .join("");
}

/** That an image is lost is no mistake. */
function losing(lost: number): string {
  if (lost === 0) return "";
  return `; ${lost === 1 ? "one is" : `${lost} are`} lost: \`generate --target\` says why`;
}

function sumOf(checks: readonly NodeCheck[], count: (check: NodeCheck) => number): number {
  return checks.reduce((sum, check) => sum + count(check), 0);
}
