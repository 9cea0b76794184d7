import type { NodeCheck } from "@registry-policy/equivalence";
import { escapeText } from "@registry-policy/language";
import { painter } from "../paint.js";
import { wrapText } from "./wrap-text.js";

/** What the evaluators of nodes' files say of fixtures, for a person: nothing where none was asked. */
export function nodeText(
  checks: readonly NodeCheck[],
  { columns, colour }: { readonly columns: number; readonly colour: boolean },
): string {
  const paint = painter(colour);
  const signed = (sign: string, text: string) =>
    wrapText(escapeText(text), columns - 2).map((line, index) => `${index === 0 ? sign : " "} ${line}`);
  return checks
    .flatMap(({ policy, target, agreed, lost, unasked, disagreements }) => [
      ...disagreements.flatMap(({ name, image, admittedBy }) =>
        signed(
          paint("bad", "✗"),
          admittedBy === "node"
            ? `\`${target}\` admits \`${image}\`, which the policy ${policy} refuses: ${name}`
            : `\`${target}\` refuses \`${image}\`, which the policy ${policy} allows: ${name}`,
        ),
      ),
      ...signed(
        disagreements.length > 0 ? paint("bad", "✗") : paint("good", "✓"),
        `${target}, policy ${policy}: ${agreed} images agree, ${disagreements.length} do not; not compared: ${lost} that are lost, ${unasked} that are more than an image or out of scope`,
      ),
    ])
    .map((line) => `${line}\n`)
    .join("");
}
