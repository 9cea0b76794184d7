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
    for (const [name, known] of Object.entries(knownVariables)) {
      if (matchForm(known, expressionOf(variables, name)) === undefined) {
        throw new Unreadable(`the variable \`${name}\` is not of the form that is known`);
      }
    }
    return allowedBy(parametersOf(textOf(file)), variables);
  },
};

/** The parts of a reference that are looked for among the names, as the code of the template has them. */
const parts: readonly (readonly [string, PartOfReference])[] = [
  ["reference.find('^[^/]+/')", folderOf(1)],
  ["reference.find('^(?:[^/]+/){2}')", folderOf(2)],
  ["reference.find('^(?:[^/]+/){3}')", folderOf(3)],
  ["reference.find('^(?:[^/]+/){4}')", folderOf(4)],
  ["reference.find('^[^/]+/[^:@]+')", repositoryOf],
  ["reference.split('@')[0]", beforeDigest],
  ["reference.find('^[^/]+/[^:@]+') + reference.find('@.*$')", withoutTag],
  ["reference", whole],
];

const refusedForm = `variables.references.filter(it, !(
  it.reference != '' &&
  variables.patterns.all(patterns, patterns.allows == (
    [patterns.allows ? it.reference : it.reference.replace(it.reference.find('(?::[0-9]+)?/'), '/')].exists(reference,
      ${parts.map(([part]) => `${part} in patterns.names`).join(" || ")}
    ) ||
    patterns.expression != '' && it.reference.matches(patterns.expression)
  )) &&
  variables.demands.all(demand,
    demand == 'registry' ? it.image.matches('{withRegistry}') :
    demand == 'tag' ? !it.image.matches('{untagged}') :
    demand == 'digest' ? it.image.contains('@') :
    !it.image.matches(variables.params.denyTags.expression)
  )
)).map(it, it.image)`;

/** What the other variables on patterns say, which `allowedBy` takes for granted. */
const knownVariables = {
  refused: refusedForm,
  patterns: `['allow', 'deny'].filter(name, name in variables.params).map(name, {
    'allows': dyn(name == 'allow'),
    'names': has(variables.params[name].names) ? variables.params[name].names : {},
    'expression':
      has(variables.params[name].others) ? variables.params[name].others :
      has(variables.params[name].expression) ? variables.params[name].expression : '',
  })`,
  demands: `(has(variables.params.require) ?
    ['registry', 'tag', 'digest'].filter(name, name in variables.params.require && variables.params.require[name]) : []) +
  (has(variables.params.denyTags) ? ['no denied tag'] : [])`,
};

function allowedBy(parameters: Fields, variables: Variables): Language {
  const defaultRegistry = textField(parameters, "defaultRegistry");
  if (defaultRegistry === undefined) throw new Unreadable("`parameters` has no `defaultRegistry`");
  const references = referencesOf(expressionOf(variables, "references"), defaultRegistry);
  const { withRegistry = "", untagged = "" } = matchForm(refusedForm, expressionOf(variables, "refused")) ?? {};
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
    flagField(require, "digest", true) ? matching(sequence(anything, oneOf(setOf("@")), anything)) : everything,
  );
}

/** The images that are in a list; `undefined` where there is none. */
function listed(parameters: Fields, list: "allow" | "deny", { subject }: References): Language | undefined {
  const value = fieldOf(parameters, list);
  if (value === undefined) return undefined;
  const path = `parameters.${list}`;
  const known = ["patterns", "names", "others", "expression", ...(list === "deny" ? ["reasons"] : [])];
  const fields = fieldsOf(value, path, known);
  const expressions = namesIn(fieldOf(fields, "names") ?? {}, `${path}.names`).flatMap((name) =>
    parts.flatMap(([, referencesWith]) => referencesWith(name)),
  );
  const named = expressions.length === 0 ? nothing : matching(choice(...expressions));
  // An empty expression is none.
  const expression = (textField(fields, "others") ?? textField(fields, "expression")) || undefined;
  return or(
    subject(list === "allow" ? named : withoutPort(named)),
    expression === undefined ? nothing : subject(regex(expression)),
  );
}

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
