import { kindNames } from "@registry-policy/language";
import { celText } from "../../cel/cel-text.js";
import { imageReferences, onDockerHub } from "../../cel/image-references.js";
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
  "tag-and-digest",
];

/** Those that are another text than one of the others only where there is a digest. */
const formsOfDigests: readonly NameForm[] = ["tag", "digest"];

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

/** Whether what an image is called is among the names of a list. */
function isNamed(list: "allow" | "deny", reference: string): string {
  const isOneOf = (form: NameForm) => `${candidate(form, reference)} in params.${list}.names`;
  return `\
${forms.map(isOneOf).join(" ||\n      ")} ||
      ${reference}.contains('@') && (
        ${formsOfDigests.map(isOneOf).join(" ||\n        ")}
      )`;
}

/** What asks for the names of each list: a pattern that denies covers every port. */
export const named = {
  allow: `\
(
      ${isNamed("allow", "it.reference")}
    )`,
  deny: `\
[it.reference.replace(it.reference.find('(?::[0-9]+)?/'), '/')].exists(reference,
      ${isNamed("deny", "reference")}
    )`,
};

/** Whether an image is in a list: has one of its names, or matches the expression of the others. */
function isListed(list: "allow" | "deny"): string {
  const patterns = `params.${list}`;
  return `\
(
    has(${patterns}.names) && ${named[list]} ||
    // A list that was made for Rego is one expression.
    (has(${patterns}.others) ? ${patterns}.others != '' && it.reference.matches(${patterns}.others) :
      has(${patterns}.expression) && ${patterns}.expression != '' && it.reference.matches(${patterns}.expression))
  )`;
}

/**
 * The parameters have a name of their own, as each mention of a variable costs more than one of that. Both lists are
 * written out: to go through them would be more steps.
 */
const refused: NamedExpression = {
  name: "refused",
  expression: `\
// The images that are not shown to be allowed.
[variables.params].map(params, variables.references.filter(it, !(
  it.reference != '' &&
  (!has(params.allow) || ${isListed("allow")}) &&
  // A pattern that denies covers every port.
  (!has(params.deny) || !${isListed("deny")}) &&
  // What is asked of an image besides.
  (!has(params.require) || (
    (!has(params.require.registry) || !params.require.registry || it.image.matches(${celText(withRegistry)})) &&
    (!has(params.require.tag) || !params.require.tag || !it.image.matches(${celText(untagged)})) &&
    (!has(params.require.digest) || !params.require.digest || it.image.contains('@'))
  )) &&
  (!has(params.denyTags) || !it.image.matches(params.denyTags.expression))
)).map(it, it.image))[0]`,
};

const reasons: NamedExpression = {
  name: "reasons",
  expression: `\
// Why an image is denied, where the policy says it.
!has(variables.params.deny) || !has(variables.params.deny.reasons) ? [] : variables.params.deny.reasons
  .filter(told, variables.references.exists(it, it.reference.matches(told.expression)))
  .map(told, ' (' + told.pattern + ': ' + told.reason + ')')`,
};

const shortName = `\
(variables.params.defaultRegistry in ['docker.io', 'index.docker.io'] ?
        ${onDockerHub("image")} : string(variables.params.defaultRegistry) + '/')`;

/** The variables of the template, in their order: each sees those before it. */
export const templateVariables: readonly NamedExpression[] = [
  podTemplate(kindNames),
  podImages(kindNames),
  exemptions,
  imageReferences(shortName, { ports: true, tags: true }),
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
