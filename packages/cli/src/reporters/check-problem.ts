import type { AskedEngine, CaseResult, PanelVerdict, PolicyResult } from "@registry-policy/equivalence";
import { escapeText } from "@registry-policy/language";
import { stringify } from "yaml";
import type { Paint } from "../paint.js";
import { keepCommand } from "./generated-text.js";
import { padText, wrapText } from "./wrap-text.js";

/** More of a request than anybody reads; the JSON report names the fixture, which has all of it. */
const maximumRequestLines = 80;
const maximumMessages = 5;
const maximumMessageLength = 1000;

/**
 * One case that is not as it should be: what is wrong, what everybody said, and the request.
 *
 * @returns lines without newlines.
 */
export function checkProblem(
  policy: PolicyResult,
  found: CaseResult,
  engines: readonly AskedEngine[],
  { columns, paint }: { readonly columns: number; readonly paint: Paint },
): string[] {
  const what = found.disagreements.size > 0 ? "disagreement" : "failure";
  const isGenerated = policy.generated?.disagreements.includes(found) === true;
  const { file, line, column } = found.location;
  const judges: [string, PanelVerdict, readonly string[]][] = [
    ["reference", found.reference, found.failures],
    ...engines.flatMap(({ name, title }): [string, PanelVerdict, readonly string[]][] => {
      const verdict = found.engines.get(name);
      return verdict === undefined ? [] : [[title, verdict, found.disagreements.get(name) ?? []]];
    }),
  ];
  return [
    ...wrapText(`✗ ${what}: ${escapeText(found.name)}`, columns).map((text) => paint("bad", text)),
    ...wrapText(`${escapeText(file)}:${line}:${column}, policy ${escapeText(policy.name)}`, columns - 2).map(indent(2)),
    `  expected: ${found.expect.verdict}`,
    ...judges.flatMap(([name, verdict, wrong]) => judgeLines(name, verdict, wrong, columns, paint)),
    "  request:",
    ...requestLines(found).map(indent(4)),
    // Not broken into lines, so that it can be copied.
    ...(isGenerated ? ["  to keep it as a fixture:", `    ${escapeText(keepCommand(policy, found))}`] : []),
  ];
}

function judgeLines(
  name: string,
  { verdict, messages, error }: PanelVerdict,
  wrong: readonly string[],
  columns: number,
  paint: Paint,
): string[] {
  const shown = messages.slice(0, maximumMessages).map(shorten);
  const more = messages.length > shown.length ? [`and ${messages.length - shown.length} more messages`] : [];
  const said = [...shown, ...(error === undefined || wrong.length > 0 ? [] : [shorten(error)]), ...more];
  const sign = wrong.length > 0 ? paint("bad", "✗") : paint("good", "✓");
  return [
    `  ${sign} ${padText(`${name}:`, 10)} ${verdict}`,
    ...wrong.flatMap((sentence) =>
      wrapText(escapeText(shorten(sentence)), columns - 6).map((line) => `      ${paint("bad", line)}`),
    ),
    ...said.flatMap((text) => wrapText(escapeText(text), columns - 6).map(indent(6))),
  ];
}

/** The request as YAML, in which nothing is as an API server leaves it by default. */
function requestLines({ review }: CaseResult): string[] {
  const { uid: _, name: __, ...request } = review.request;
  const shown = { ...request, namespaceLabels: review.namespaceLabels };
  const lines = stringify(shown, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd().split("\n").map(escapeText);
  if (lines.length <= maximumRequestLines) return lines;
  return [...lines.slice(0, maximumRequestLines), `… and ${lines.length - maximumRequestLines} more lines`];
}

function indent(columns: number): (line: string) => string {
  return (line) => " ".repeat(columns) + line;
}

function shorten(text: string): string {
  return text.length > maximumMessageLength ? `${text.slice(0, maximumMessageLength)}…` : text;
}
