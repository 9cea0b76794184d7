import { quote } from "./quote.js";
import type { TextProblem } from "./text-problem.js";

/** How many patterns one text may stand for. */
export const maximumAlternatives = 1000;

/**
 * Writes out the alternatives of `{a,b}`, before anything else is read: an alternative may hold a `/` or be empty.
 *
 * @returns the texts in the order in which they are written, or what is wrong with the braces.
 */
export function expandBraces(text: string): { readonly texts: readonly string[] } | { readonly problem: TextProblem } {
  const parts: string[][] = [];
  let rest = text;
  while (rest !== "") {
    const open = rest.search(/[{}]/);
    const literal = open < 0 ? rest : rest.slice(0, open);
    if (literal !== "") parts.push([literal]);
    if (open < 0) break;
    if (rest[open] === "}") return invalid(text, "has a `}` without its `{`");
    const close = rest.slice(open + 1).search(/[{}]/);
    if (close < 0) return invalid(text, "has a `{` without its `}`");
    const inside = rest.slice(open + 1, open + 1 + close);
    if (rest[open + 1 + close] === "{") return invalid(text, "has braces inside braces");
    const alternatives = inside.split(",");
    if (alternatives.length < 2) return invalid(text, `has only one alternative in ${quote(`{${inside}}`)}`);
    parts.push(alternatives);
    rest = rest.slice(open + close + 2);
  }
  const count = parts.reduce((product, alternatives) => product * alternatives.length, 1);
  if (count > maximumAlternatives) {
    return {
      problem: {
        code: "too-many-alternatives",
        message: `${quote(text)} stands for more than ${maximumAlternatives} patterns`,
        help: "split it into several patterns, or use `*`",
      },
    };
  }
  return {
    texts: parts.reduce<string[]>(
      (texts, alternatives) => texts.flatMap((start) => alternatives.map((alternative) => start + alternative)),
      [""],
    ),
  };
}

function invalid(text: string, what: string): { problem: TextProblem } {
  return {
    problem: {
      code: "invalid-braces",
      message: `${quote(text)} ${what}`,
      help: "write two or more alternatives between braces, as in `docker.io/library/{nginx,redis}`; braces cannot be nested",
    },
  };
}
