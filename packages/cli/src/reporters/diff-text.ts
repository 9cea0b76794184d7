import type { ImageChange, ImageChanges } from "@registry-policy/automata";
import { escapeText, type Place } from "@registry-policy/language";
import { type Paint, painter } from "../paint.js";
import type { PolicyDiff, PolicyPair } from "../policy-diff.js";
import { wrapText } from "./wrap-text.js";

/** The report of `diff` for a person. */
export function diffText(
  { policies, widened, narrowed }: PolicyDiff,
  { columns, colour }: { readonly columns: number; readonly colour: boolean },
): string {
  const paint = painter(colour);
  const lines = policies.flatMap((pair) => [...pairLines(pair, columns, paint), ""]);
  return `${[...lines, ...wrapText(summary(widened, narrowed), columns)].join("\n")}\n`;
}

function summary(widened: boolean, narrowed: boolean): string {
  if (widened && narrowed) return "widened and narrowed: some things become allowed, others refused";
  if (widened) return "widened: nothing becomes refused";
  if (narrowed) return "narrowed: nothing becomes allowed";
  return "no change: every image is judged as before, for the same objects";
}

function pairLines(pair: PolicyPair, columns: number, paint: Paint): string[] {
  const heading = paint("strong", `policy ${escapeText(pair.name)}`);
  if (pair.change === "removed") return [heading, ...item(paint("bad", "+"), ["the policy is gone"], columns)];
  if (pair.change === "added") return [heading, ...item(paint("good", "-"), ["the policy is new"], columns)];
  const { allowed, refused, scope } = pair;
  const lines = [
    ...section("becomes allowed", allowed, (change) =>
      item(paint("bad", "+"), [change.image, `by ${allowance(change)}`, `was ${refusal(change)}`], columns),
    ),
    ...section("becomes refused", refused, (change) =>
      item(paint("good", "-"), [change.image, refusal(change), `was allowed by ${allowance(change)}`], columns),
    ),
    ...(scope.length === 0 ? [] : ["  scope"]),
    ...scope.flatMap(({ field, effect, message }) => {
      const sign = { widened: paint("bad", "+"), narrowed: paint("good", "-"), both: paint("caution", "±") }[effect];
      return item(sign, [`${field}: ${message}`], columns);
    }),
  ];
  return [heading, ...(lines.length === 0 ? ["  no change"] : lines)];
}

function section(title: string, { changes, isComplete }: ImageChanges, lines: (change: ImageChange) => string[]) {
  if (changes.length === 0) return [];
  const more = isComplete ? [] : ["    … and for more causes: `--limit` shows them"];
  return [`  ${title}, for instance`, ...changes.flatMap(lines), ...more];
}

function refusal({ refused: { reason, tag, pattern } }: ImageChange): string {
  const decided = tag ?? (reason === "denied" ? pattern : undefined);
  return decided === undefined ? reason : `${reason} by ${patternText(decided)}`;
}

function allowance({ allowed: { pattern } }: ImageChange): string {
  return pattern === undefined ? "the lack of an allow list" : patternText(pattern);
}

function patternText({ text, place: { location } }: { readonly text: string; readonly place: Place }): string {
  return `\`${text}\` at ${location.file}:${location.line}:${location.column}`;
}

/** The first line after a sign, the others below it. */
function item(sign: string, [first = "", ...rest]: readonly string[], columns: number): string[] {
  return [
    ...wrapText(escapeText(first), columns - 6).map((line, index) => `    ${index === 0 ? sign : " "} ${line}`),
    ...rest.flatMap((text) => wrapText(escapeText(text), columns - 8).map((line) => `        ${line}`)),
  ];
}
