import { kindNames } from "@registry-policy/language";
import { celText } from "../../cel/cel-text.js";
import { imageReferences } from "../../cel/image-references.js";
import type { NameForm } from "../../cel/name-table.js";
import type { NamedExpression } from "../../cel/named-expression.js";
import { candidate } from "../../cel/pattern-lookup.js";
import { podImages, podTemplate } from "../../cel/pod-images.js";
import { refusalMessage, shownImages } from "../../cel/refusal-message.js";
import { untagged, withRegistry } from "../../expressions/reference-grammar.js";

/** How many components the name of a folder may have, the registry included: one that is deeper is an expression. */
export const deepestFolder = 4;

/** Every form of a name that the code looks for, as it cannot know which a list has; what is found is looked for no further. */
const forms: readonly NameForm[] = [
  ...Array.from({ length: deepestFolder }, (_, index) => ({ below: index + 1 })),
  "repository",
  "tag",
  "digest",
  "tag-and-digest",
];

/** The values of a map have to be of one type for an API server's CEL: hence each `dyn`. */
const exemptions: NamedExpression = {
  name: "exemptions",
  expression: `\
// What exempts a request: one of the texts, where a glob matches it. A request without a user is exempt by no glob.
[
  {
    'texts': dyn(has(request.userInfo) && has(request.userInfo.username) && request.userInfo.username != '' ?
      [request.userInfo.username] : []),
    'globs': has(variables.params.exempt.users) ? variables.params.exempt.users : [],
  },
  {
    'texts': dyn(has(request.userInfo) && has(request.userInfo.groups) ? request.userInfo.groups : []),
    'globs': has(variables.params.exempt.groups) ? variables.params.exempt.groups : [],
  },
  // The annotation of a broken glass is that of the pod, or of the pod template, whatever the object's own says.
  {
    'texts': dyn(!has(variables.params.exempt.breakGlass) ? [] :
      [variables.podTemplate]
        .filter(template, type(template) == map && has(template.metadata) && type(template.metadata) == map &&
          has(template.metadata.annotations) && type(template.metadata.annotations) == map)
        .filter(template, variables.params.exempt.breakGlass.annotation in template.metadata.annotations)
        .map(template, template.metadata.annotations[variables.params.exempt.breakGlass.annotation])
        .filter(text, type(text) == string)),
    'globs': dyn(has(variables.params.exempt.breakGlass) ? [variables.params.exempt.breakGlass.value] : []),
  },
]`,
};

/** Patterns and demands, taken out of the parameters once for all images. */
const lists: readonly NamedExpression[] = [
  {
    name: "patterns",
    expression: `\
// The lists that there are: names, and one expression for the others. A list that was made for Rego is one expression.
['allow', 'deny'].filter(name, name in variables.params).map(name, {
  'allows': dyn(name == 'allow'),
  'names': has(variables.params[name].names) ? variables.params[name].names : {},
  'expression':
    has(variables.params[name].others) ? variables.params[name].others :
    has(variables.params[name].expression) ? variables.params[name].expression : '',
})`,
  },
  {
    name: "demands",
    expression: `\
// What is asked of an image besides.
(has(variables.params.require) ?
  ['registry', 'tag', 'digest'].filter(name, name in variables.params.require && variables.params.require[name]) : []) +
(has(variables.params.denyTags) ? ['no denied tag'] : [])`,
  },
];

/** Whether an image is in one of the lists, where a pattern that denies covers every port. */
export const isListed = `\
[patterns.allows ? it.reference : it.reference.replace(it.reference.find('(?::[0-9]+)?/'), '/')].exists(reference,
      ${forms.map((form) => `${candidate(form, "reference")} in patterns.names`).join(" ||\n      ")}
    )`;

const refused: NamedExpression = {
  name: "refused",
  expression: `\
// The images that are not shown to be allowed.
variables.references.filter(it, !(
  it.reference != '' &&
  // Each is in the list that allows, and not in the one that denies: there a pattern covers every port.
  variables.patterns.all(patterns, patterns.allows == (
    ${isListed} ||
    patterns.expression != '' && it.reference.matches(patterns.expression)
  )) &&
  variables.demands.all(demand,
    demand == 'registry' ? it.image.matches(${celText(withRegistry)}) :
    demand == 'tag' ? !it.image.matches(${celText(untagged)}) :
    demand == 'digest' ? it.image.contains('@') :
    !it.image.matches(variables.params.denyTags.expression)
  )
)).map(it, it.image)`,
};

const reasons: NamedExpression = {
  name: "reasons",
  expression: `\
// Why an image is denied, where the policy says it.
!has(variables.params.deny) || !has(variables.params.deny.reasons) ? [] : variables.params.deny.reasons
  .filter(told, variables.references.exists(it, it.reference.matches(told.expression)))
  .map(told, ' (' + told.pattern + ': ' + told.reason + ')')`,
};

/** The variables of the template, in their order: each sees those before it. */
export const templateVariables: readonly NamedExpression[] = [
  podTemplate(kindNames),
  podImages(kindNames),
  exemptions,
  imageReferences("string(variables.params.defaultRegistry) + '/'", { ports: true, tags: true }),
  ...lists,
  refused,
  shownImages,
  reasons,
];

/**
 * What the constraint's match cannot say. The webhook's rules send more sub-resources than a policy judges. An audit has
 * neither operation nor sub-resource: it sees each object as if just created.
 */
export const templateConditions: readonly NamedExpression[] = [
  {
    name: "operations",
    expression: "!has(request.operation) || request.operation in ['', 'CREATE', 'UPDATE']",
  },
  {
    name: "sub-resources",
    expression:
      "!has(request.subResource) || request.subResource == '' || request.kind.kind == 'Pod' && request.subResource == 'ephemeralcontainers'",
  },
  {
    name: "exempt",
    expression: `\
// A glob has its \`*\` at the start, at the end, or at both.
!has(variables.params.exempt) || !variables.exemptions.exists(exemption, exemption.texts.exists(text, exemption.globs.exists(glob,
  [glob.replace('*', '')].exists(word,
    glob.startsWith('*') && glob.endsWith('*') ? text.contains(word) :
    glob.startsWith('*') ? text.endsWith(word) :
    glob.endsWith('*') ? text.startsWith(word) : text == word
  )
)))`,
  },
];

/** Gatekeeper puts the name of the constraint in front of a message. */
const message = "images refused by the registry policy";

export const templateValidation = {
  expression: "size(variables.refused) == 0",
  messageExpression: refusalMessage(message, "(size(variables.reasons) == 0 ? '' : variables.reasons[0])"),
  message,
};
