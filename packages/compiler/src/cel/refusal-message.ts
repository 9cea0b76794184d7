import type { PatternEntry, Policy } from "@registry-policy/language";
import { listExpression } from "../expressions/pattern-expression.js";
import { celText } from "./cel-text.js";
import type { NamedExpression } from "./named-expression.js";

/*
 * An API server takes messages of up to 5 KiB on one line, and shows another text in the place of one that is not
 * (Validate of k8s.io/apiserver pkg/admission/plugin/policy/validating/validator.go). So a message names at most eight
 * images of the usual length; where there is none, the first of the others, cut short and with its odd characters escaped.
 */
const mostShown = 8;
const longestPlain = 512;
/** Each character may take six to escape. */
const longestOdd = 600;

/** Printable ASCII without the quote and the backslash: in JSON it stands for itself. */
const plainText = "^[] !#-[^-~]+$";

/** With the pattern that it is given for, in bytes. */
const longestReason = 600;
const mostReasons = 20;

/** The variable `shown`, the images that a message names. It needs the variable `refused`. */
export const shownImages: NamedExpression = {
  name: "shown",
  expression: `\
// What a message names: up to eight images of plain text; where there is none, the first of the others, cut and escaped.
[variables.refused.filter(image, size(image) <= ${longestPlain} && image.matches('${plainText}'))].map(plain,
  size(plain) > ${mostShown} ? [${Array.from({ length: mostShown }, (_, index) => index).join(", ")}].map(i, plain[i]) :
  size(plain) > 0 ? plain :
  [variables.refused.filter(image, image != '')].map(odd, size(odd) > 0 ? [odd[0]] : [])[0]
    .map(image, size(image) <= ${longestOdd} ? image : image.substring(0, ${longestOdd}) + '...')
    .map(image, image.split('')
      .map(sign, sign < ' ' || sign == '"' || sign == '\\\\' ? '\\\\u00' + '%x'.format([sign]) : sign)
      .join('')
    )
)[0]`,
};

/** What is said where a message cannot be made. */
export function plainMessage({ name }: Policy): string {
  return `images refused by the registry policy ${name}`;
}

/**
 * CEL for the message: it ends with a JSON array of the images that are refused. Where none is it is empty: Gatekeeper
 * and an API server make a message for each request, also for one that they admit (`messageFilter` of k8s.io/apiserver
 * pkg/admission/plugin/policy/validating/validator.go).
 *
 * @param beginning what it begins with.
 * @param reason CEL for why a pattern denies; none where that is not told.
 */
export function refusalMessage(beginning: string, reason?: string): string {
  const message = [
    celText(beginning),
    ...(reason === undefined ? [] : [reason]),
    "('' in variables.refused ? ' (one is missing)' : '')",
    "': ['",
    "variables.shown.map(image, '\"' + image + '\"').join(',')",
    "']'",
  ].join(" +\n");
  return `size(variables.refused) == 0 ? '' :\n${message}`;
}

/** CEL for the first reason of the deny list that holds; `undefined` where the list gives none. */
export function refusalReason({ images }: Policy): string | undefined {
  const told = toldReasons(images.deny);
  if (told.length === 0) return undefined;
  const alternatives = told.map(({ pattern, expression, reason }) => {
    const isMatched = `variables.references.exists(it, it.reference.matches(${celText(expression)}))`;
    return `  ${isMatched} ? ${celText(` (${pattern}: ${reason})`)} :\n`;
  });
  return `(\n${alternatives.join("")}  ''\n)`;
}

/** What a message tells of a pattern that denies: each on one line, and cut where the two are too long for a message. */
export interface ToldReason {
  readonly pattern: string;
  readonly expression: string;
  readonly reason: string;
}

/** The reasons of a deny list, as far as messages tell them. */
export function toldReasons(deny: readonly PatternEntry[]): ToldReason[] {
  return deny
    .flatMap(({ text, patterns, reason }) => {
      if (reason === undefined) return [];
      const pattern = cut(text, longestReason / 2);
      const rest = longestReason - Buffer.byteLength(pattern);
      return { pattern, expression: listExpression(patterns), reason: cut(reason, rest) };
    })
    .slice(0, mostReasons);
}

/** A text on one line, of at most so many bytes: no character has more than four. */
function cut(text: string, longest: number): string {
  const line = text.replace(/\s+/g, " ");
  return Buffer.byteLength(line) <= longest ? line : `${[...line].slice(0, longest / 4 - 1).join("")}…`;
}
