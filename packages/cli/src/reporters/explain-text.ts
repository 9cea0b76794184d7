import { escapeText, printReference, type Reason } from "@registry-policy/language";
import type { ExplainedImage, Explanation } from "../explain-images.js";
import { type Paint, painter } from "../paint.js";
import { wrapText } from "./wrap-text.js";

const sentences: Readonly<Record<Reason, string>> = {
  missing: "there is no image",
  invalid: "it is no image reference",
  denied: "a pattern of the deny list matches it",
  unlisted: "no pattern of the allow list matches it",
  "registry-implicit": "its registry must be written",
  "tag-missing": "its tag or its digest must be written",
  "tag-denied": "its tag is denied",
  "digest-missing": "it must be pinned by its digest",
};

/** The report of `explain` for a person. */
export function explainText(
  { policy, images }: Explanation,
  { columns, colour }: { readonly columns: number; readonly colour: boolean },
): string {
  const paint = painter(colour);
  const blocks = images.map((image) => explainedLines(image, columns, paint));
  return `${[[paint("strong", `policy ${policy}`)], ...blocks].map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function explainedLines(explained: ExplainedImage, columns: number, paint: Paint): string[] {
  const { image, reference, verdict, reason, invalid, pattern } = explained;
  const isAllowed = verdict === "allow";
  const said = reason === undefined ? whyAllowed(explained) : `${reason}: ${sentences[reason]}`;
  const detail = invalid === undefined ? "" : ` (${invalid})`;
  const lines = [
    `${isAllowed ? "allow" : "violation"}: ${said}${detail}`,
    ...(reference === undefined ? [] : [`reads as ${printReference(reference)}`]),
    ...(pattern === undefined ? [] : [patternLine(pattern)]),
    ...(pattern?.reason === undefined ? [] : [`reason: ${pattern.reason}`]),
  ];
  const sign = isAllowed ? paint("good", "✓") : paint("bad", "✗");
  const title = wrapText(image === "" ? "(empty)" : escapeText(image), columns - 2);
  return [
    ...title.map((line, index) => `${index === 0 ? sign : " "} ${line}`),
    ...lines.flatMap((line) => wrapText(escapeText(line), columns - 4).map((text) => `    ${text}`)),
  ];
}

function whyAllowed({ pattern }: ExplainedImage): string {
  return pattern === undefined ? "nothing in the policy refuses it" : "a pattern of the allow list matches it";
}

function patternLine({ text, place: { location } }: NonNullable<ExplainedImage["pattern"]>): string {
  return `pattern \`${text}\` at ${location.file}:${location.line}:${location.column}`;
}
