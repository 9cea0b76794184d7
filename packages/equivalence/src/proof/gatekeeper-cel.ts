import {
  and,
  anything,
  choice,
  everything,
  type Language,
  matching,
  not,
  nothing,
  oneOf,
  or,
  parseExpression,
  sequence,
  setOf,
} from "@registry-policy/automata";
import { celAssumptions, expressionOf, type Variables, variablesOf } from "./cel.js";
import { beforeDigest, folderOf, type PartOfReference, repositoryOf, whole, withoutTag } from "./cel-names.js";
import { type References, referencesOf, withoutPort } from "./cel-reference.js";
import { matchForm } from "./cel-tokens.js";
import { parametersOf, shippedTemplate } from "./gatekeeper-constraint.js";
import { isMap } from "./is-map.js";
import { type ProofReader, textOf, Unreadable } from "./proof.js";
import { type Fields, fieldOf, fieldsOf, flagField, textField } from "./read-fields.js";

/** The constraint of a policy, whose parameters hold all of its patterns, and the template in CEL that they share. */
export const gatekeeperCelProof: ProofReader = {
  assumptions: celAssumptions,
  reads: (path) => path.endsWith(".constraint.yaml"),
  allowedImages(file, shipped, emitted) {
    const variables = variablesOf(textOf(shippedTemplate(shipped, emitted)));
    return allowedBy(parametersOf(textOf(file)), variables);
  },
};

type Part = readonly [behindReference: string, part: PartOfReference];

/** The parts of a reference that are looked for among the names, as the code of the template has them. */
const parts: readonly Part[] = [
  [".find('^[^/]+/')", folderOf(1)],
  [".find('^(?:[^/]+/){2}')", folderOf(2)],
  [".find('^(?:[^/]+/){3}')", folderOf(3)],
  [".find('^(?:[^/]+/){4}')", folderOf(4)],
  [".find('^[^/]+/[^:@]+')", repositoryOf],
  ["", whole],
];

/** Those that are looked for only of a reference with a digest. */
const partsBesideDigest: readonly Part[] = [
  [".split('@')[0]", beforeDigest],
  [".find('^[^/]+/[^:@]+') + {reference}.find('@.*$')", withoutTag],
];

function named(list: "allow" | "deny", reference: string): string {
  const looked = (some: readonly Part[]) =>
    some
      .map(([part]) => `${reference}${part.replace("{reference}", () => reference)} in params.${list}.names`)
      .join(" || ");
  return `${looked(parts)} || ${reference}.contains('@') && (${looked(partsBesideDigest)})`;
}

function listedForm(list: "allow" | "deny", isNamed: string): string {
  const patterns = `params.${list}`;
  return `(
    has(${patterns}.names) && ${isNamed} ||
    (has(${patterns}.others) ? ${patterns}.others != '' && it.reference.matches(${patterns}.others) :
      has(${patterns}.expression) && ${patterns}.expression != '' && it.reference.matches(${patterns}.expression))
  )`;
}

const withoutItsPort = "it.reference.replace(it.reference.find('(?::[0-9]+)?/'), '/')";

/** The code of the template that `allowedBy` takes for granted. */
const refusedForm = `[variables.params].map(params, variables.references.filter(it, !(
  it.reference != '' &&
  (!has(params.allow) || ${listedForm("allow", `(${named("allow", "it.reference")})`)}) &&
  (!has(params.deny) ||
    !${listedForm("deny", `[${withoutItsPort}].exists(reference, ${named("deny", "reference")})`)}) &&
  (!has(params.require) || (
    (!has(params.require.registry) || !params.require.registry || it.image.matches('{withRegistry}')) &&
    (!has(params.require.tag) || !params.require.tag || !it.image.matches('{untagged}')) &&
    (!has(params.require.digest) || !params.require.digest || it.image.contains('@'))
  )) &&
  (!has(params.denyTags) || !it.image.matches(params.denyTags.expression))
)).map(it, it.image))[0]`;

function allowedBy(parameters: Fields, variables: Variables): Language {
  const defaultRegistry = textField(parameters, "defaultRegistry");
  if (defaultRegistry === undefined) throw new Unreadable("`parameters` has no `defaultRegistry`");
  const references = referencesOf(expressionOf(variables, "references"), defaultRegistry);
  const texts = matchForm(refusedForm, expressionOf(variables, "refused"));
  if (texts === undefined) throw new Unreadable("the variable `refused` is not of the form that is known");
  const { withRegistry = "", untagged = "" } = texts;
  const require = fieldsOf(fieldOf(parameters, "require") ?? {}, "parameters.require", ["registry", "tag", "digest"]);
  const allow = listed(parameters, "allow", references);
  const deny = listed(parameters, "deny", references);
  const denyTags = fieldOf(parameters, "denyTags");
  return and(
    references.valid,
    deny === undefined ? everything : not(deny),
    allow ?? everything,
    flagField(require, "registry", true) ? regex(withRegistry) : everything,
    flagField(require, "tag", true) ? not(regex(untagged)) : everything,
    denyTags === undefined ? everything : not(regex(tagExpression(denyTags))),
    flagField(require, "digest", true) ? withDigest : everything,
  );
}

/** The images that are in a list; `undefined` where there is none. */
function listed(parameters: Fields, list: "allow" | "deny", { subject }: References): Language | undefined {
  const value = fieldOf(parameters, list);
  if (value === undefined) return undefined;
  const path = `parameters.${list}`;
  const known = ["patterns", "names", "others", "expression", ...(list === "deny" ? ["reasons"] : [])];
  const fields = fieldsOf(value, path, known);
  const names = namesIn(fieldOf(fields, "names") ?? {}, `${path}.names`);
  const named = or(namedBy(parts, names), and(withDigest, namedBy(partsBesideDigest, names)));
  // An empty expression is none.
  const expression = (textField(fields, "others") ?? textField(fields, "expression")) || undefined;
  return or(
    subject(list === "allow" ? named : withoutPort(named)),
    expression === undefined ? nothing : subject(regex(expression)),
  );
}

/** The references of which a part is one of the names. */
function namedBy(looked: readonly Part[], names: readonly string[]): Language {
  const expressions = names.flatMap((name) => looked.flatMap(([, referencesWith]) => referencesWith(name)));
  return expressions.length === 0 ? nothing : matching(choice(...expressions));
}

const withDigest = matching(sequence(anything, oneOf(setOf("@")), anything));

/** The names of a list, each the key of a `true`. */
function namesIn(value: unknown, path: string): readonly string[] {
  if (!isMap(value)) throw new Unreadable(`\`${path}\` is no mapping`);
  const fields = { value, path };
  return Object.keys(value).filter((name) => flagField(fields, name, true));
}

function tagExpression(value: unknown): string {
  const expression = textField(fieldsOf(value, "parameters.denyTags", ["patterns", "expression"]), "expression");
  if (expression === undefined) throw new Unreadable("`parameters.denyTags` has no `expression`");
  return expression;
}

function regex(expression: string): Language {
  return matching(parseExpression(expression));
}
