import type { CaseResult, GeneratedResult, PolicyResult } from "@registry-policy/equivalence";
import type { Paint } from "../paint.js";
import { plural } from "./plural.js";
import { wrapText } from "./wrap-text.js";

/** What became of the requests that were generated for a policy, in a line; nothing where there were none. */
export function generatedText(
  generated: GeneratedResult | undefined,
  { columns, paint }: { readonly columns: number; readonly paint: Paint },
): string[] {
  if (generated === undefined) return [];
  const { requests, combined, leftOut, problem, disagreements } = generated;
  const isGood = disagreements.length === 0;
  const left = [
    ...(leftOut.patterns > 0 ? [plural(leftOut.patterns, "pattern")] : []),
    ...(leftOut.images > 0 ? [plural(leftOut.images, "image")] : []),
  ];
  const notes = [
    ...(left.length > 0 ? [`${left.join(" and ")} left out`] : []),
    ...(combined.into > 0 ? [`${plural(combined.requests, "request")} asked together in ${combined.into}`] : []),
  ];
  const counts = `generated: ${plural(requests, "request")}, ${plural(disagreements.length, "disagreement")}`;
  const text = notes.length === 0 ? counts : `${counts} (${notes.join(", ")})`;
  const lines = [
    ...wrapText(text, columns - 2).map((line, index) => `${index > 0 ? " " : isGood ? "✓" : "✗"} ${line}`),
    ...(problem === undefined
      ? []
      : wrapText(`no image is made of the patterns: ${problem}`, columns - 2).map((line) => `  ${line}`)),
  ];
  return lines.map((line) => paint(isGood ? "good" : "bad", line));
}

/** The command that makes a generated request a fixture of its policy. */
export function keepCommand({ file }: PolicyResult, { name }: CaseResult): string {
  return `registry-policy check ${shellWord(file)} --keep ${shellWord(name)}`;
}

function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
