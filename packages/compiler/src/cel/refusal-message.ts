import type { PatternEntry, Policy } from "@registry-policy/language";
import { listExpression } from "../expressions/pattern-expression.js";
import { celText } from "./cel-text.js";
import type { NamedExpression } from "./named-expression.js";

/*
 * An API server takes messages of up to 5 KiB on one line, and shows another text in the place of one that is not
 * (Validate of k8s.io/apiserver pkg/admission/plugin/policy/validating/validator.go). So a message names at most eight
 * images of the usual length; where there is none, the first of the others, cut short and with its odd characters escaped.
 */
const indices = "[0, 1, 2, 3, 4, 5, 6, 7]";
const longestPlain = 512;
/** Each character may take six to escape. */
const longestOdd = 600;

/** Printable ASCII without the quote and the backslash: in JSON it stands for itself. */
const plainText = "^[] !#-[^-~]+$";

/** In bytes. */
const longestReason = 600;
const mostReasons = 20;

/** The variables that a message is made of. They need the variable `refused`. */
export const shownImages: readonly NamedExpression[] = [
  {
    name: "plain",
    expression: `variables.refused.filter(image, size(image) <= ${longestPlain} && image.matches('${plainText}'))`,
  },
  {
    name: "odd",
    expression: "variables.refused.filter(image, size(variables.plain) == 0 && image != '')",
  },
  {
    name: "shown",
    expression: `\
${indices}.filter(i, i < size(variables.plain)).map(i, variables.plain[i]) +
[0].filter(i, i < size(variables.odd)).map(i, variables.odd[i])
  .map(image, size(image) <= ${longestOdd} ? image : image.substring(0, ${longestOdd}) + '...')
  .map(image, image.split('')
    .map(sign, sign < ' ' || sign == '"' || sign == '\\\\' ? '\\\\u00' + '%x'.format([sign]) : sign)
    .join('')
  )`,
  },
];

/** What is said where a message cannot be made. */
export function plainMessage({ name }: Policy): string {
  return `images refused by the registry policy ${name}`;
}

/**
 * CEL for the message: it ends with a JSON array of the images that are refused. Where none is it is empty: Gatekeeper
 * and an API server make a message for each request, also for one that they admit (`messageFilter` of k8s.io/apiserver
 * pkg/admission/plugin/policy/validating/validator.go).
 */
export function refusalMessage(policy: Policy, withReasons: boolean): string {
  const message = [
    celText(plainMessage(policy)),
    ...(withReasons ? reasons(policy) : []),
    "('' in variables.refused ? ' (one is missing)' : '')",
    "': ['",
    "variables.shown.map(image, '\"' + image + '\"').join(',')",
    "']'",
  ].join(" +\n");
  return `size(variables.refused) == 0 ? '' :\n${message}`;
}

/** The first reason of the deny list that holds; none where the list gives none. */
function reasons({ images }: Policy): string[] {
  const told = images.deny.filter((entry) => entry.reason !== undefined).slice(0, mostReasons);
  if (told.length === 0) return [];
  const alternatives = told.map((entry) => {
    const expression = celText(listExpression(entry.patterns));
    return `  variables.references.exists(it, it.reference.matches(${expression})) ? ${celText(reasonText(entry))} :\n`;
  });
  return [`(\n${alternatives.join("")}  ''\n)`];
}

function reasonText({ text, reason = "" }: PatternEntry): string {
  const line = ` (${text}: ${reason})`.replace(/\s+/g, " ");
  return Buffer.byteLength(line) <= longestReason ? line : `${[...line].slice(0, longestReason / 4 - 2).join("")}…)`;
}
