import type { EngineId } from "@registry-policy/engines";
import { type AskedEngine, type CaseResult, isOk, type PanelVerdict } from "@registry-policy/equivalence";
import { escapeText } from "@registry-policy/language";
import type { Paint, Style } from "../paint.js";
import { engineHeadings } from "./engine-headings.js";
import { padText, wrapText } from "./wrap-text.js";

const cellWidth = 6;
const narrowestName = 18;
const comfortableName = 30;

/** One column of the matrix. */
interface Column {
  readonly heading: string;
  readonly cell: (result: CaseResult) => { readonly text: string; readonly style?: Style };
}

/**
 * The matrix of one policy: a line for each case, a column for what is expected, one for the reference evaluator and one
 * for each engine. Where there is no room for that, each case's verdicts stand below its name.
 *
 * @param columns of the screen.
 * @returns lines without newlines.
 */
export function checkMatrix(
  cases: readonly CaseResult[],
  engines: readonly AskedEngine[],
  { columns, paint }: { readonly columns: number; readonly paint: Paint },
): string[] {
  const table = [expected, reference, ...engines.map(({ name }) => engineColumn(name))];
  const roomBeside = (gap: string) => columns - 2 - table.length * (cellWidth + gap.length);
  const gap = roomBeside("  ") < comfortableName ? " " : "  ";
  const room = roomBeside(gap);
  if (room < narrowestName) return cases.flatMap((result) => stackedCase(result, table, { columns, paint }));

  const longest = Math.max(...cases.map(({ name }) => name.length), narrowestName);
  const nameWidth = Math.min(room, longest);
  const heading = table.map((column) => gap + padText(column.heading, cellWidth)).join("");
  return [
    paint("quiet", `  ${padText("", nameWidth)}${heading}`.trimEnd()),
    ...cases.flatMap((result) => {
      const [first = "", ...rest] = wrapText(escapeText(result.name), nameWidth);
      const cells = table.map((column) => gap + paintedCell(column, result, paint));
      return [
        `${mark(result, paint)} ${padText(first, nameWidth)}${cells.join("")}`.trimEnd(),
        ...rest.map((line) => `  ${line}`),
      ];
    }),
  ];
}

const words: Readonly<Record<PanelVerdict["verdict"], string>> = {
  allow: "allow",
  deny: "deny",
  warn: "warn",
  audit: "audit",
  "out-of-scope": "out",
  error: "error",
};

const expected: Column = {
  heading: "expect",
  cell: ({ expect }) => ({ text: words[expect.verdict] }),
};

const reference: Column = {
  heading: "ref",
  cell: ({ reference, failures }) => judged(reference, failures.length > 0),
};

function engineColumn(name: EngineId): Column {
  return {
    heading: engineHeadings[name],
    cell: ({ engines, disagreements }) => {
      const verdict = engines.get(name);
      return verdict === undefined ? { text: "–", style: "quiet" } : judged(verdict, disagreements.has(name));
    },
  };
}

/** The sign says what is wrong without any colour. */
function judged({ verdict }: PanelVerdict, isWrong: boolean): { text: string; style?: Style } {
  return isWrong ? { text: `✗${words[verdict]}`, style: "bad" } : { text: words[verdict] };
}

function paintedCell(column: Column, result: CaseResult, paint: Paint): string {
  const { text, style } = column.cell(result);
  const padded = padText(text, cellWidth);
  return style === undefined ? padded : paint(style, padded);
}

function mark(result: CaseResult, paint: Paint): string {
  return isOk(result) ? paint("good", "✓") : paint("bad", "✗");
}

function stackedCase(
  result: CaseResult,
  table: readonly Column[],
  { columns, paint }: { columns: number; paint: Paint },
): string[] {
  const [first = "", ...rest] = wrapText(escapeText(result.name), columns - 2);
  const verdicts = table.map((column) => `${column.heading} ${column.cell(result).text}`.replaceAll(" ", "\u00a0"));
  return [
    `${mark(result, paint)} ${first}`,
    ...rest.map((line) => `  ${line}`),
    ...wrapText(verdicts.join(", "), columns - 4).map((line) => `    ${line.replaceAll("\u00a0", " ")}`),
  ];
}
