import { type Kind, kinds } from "@registry-policy/language";
import { celTexts } from "./cel-text.js";
import type { NamedExpression } from "./named-expression.js";

/**
 * The variables up to `images`: every image of the object's pod spec, as text. What is no list, no object or no text
 * becomes an empty text, which is no valid reference: nothing is left out that could hold an image, and no shape of an
 * object is an evaluation error.
 */
export function podImages(policyKinds: readonly Kind[]): NamedExpression[] {
  return [...podSpec(policyKinds), { name: "lists", expression: lists }, { name: "images", expression: images }];
}

/** What holds the pod's spec is a matter of the kind, whatever other fields the object has. */
function podSpec(policyKinds: readonly Kind[]): NamedExpression[] {
  const byHolder = new Map<string, Kind[]>();
  const variables: NamedExpression[] = [];
  for (const kind of policyKinds) {
    let holder = "object";
    for (const [index, field] of kinds[kind].podTemplate.entries()) {
      const name = holderName(kinds[kind].podTemplate.slice(0, index + 1));
      if (variables.every((variable) => variable.name !== name)) {
        variables.push({ name, expression: fieldOf(holder, field) });
      }
      holder = `variables.${name}`;
    }
    byHolder.set(holder, [...(byHolder.get(holder) ?? []), kind]);
  }
  const holders = [...byHolder];
  const template = holders
    .map(([holder, names], index) => {
      if (index === holders.length - 1) return holder;
      return `request.kind.kind in ${celTexts(names)} ? ${holder} :\n`;
    })
    .join("");
  return [
    ...variables,
    { name: "podTemplate", expression: template },
    { name: "podSpec", expression: fieldOf("variables.podTemplate", "spec") },
  ];
}

/** `spec.jobTemplate` is `jobTemplate`, but a `spec` or `template` needs the name of what it is of. */
function holderName(path: readonly string[]): string {
  return path.map((field, index) => (index === 0 ? field : field[0]?.toUpperCase() + field.slice(1))).join("");
}

function fieldOf(holder: string, field: string): string {
  const has = `has(${holder}.${field}) ? ${holder}.${field} : null`;
  return holder === "object" ? has : `type(${holder}) == map && ${has}`;
}

/** An absent or null list holds nothing; something else in a list's place is an entry that is no object. */
const lists = `\
// What is no list is an entry that is no object: nothing that cannot be read is left out.
type(variables.podSpec) != map ? [['no pod spec'], [], [], []] :
['initContainers', 'containers', 'ephemeralContainers', 'volumes'].map(name,
  !(name in variables.podSpec) || variables.podSpec[name] == null ? [] :
  type(variables.podSpec[name]) == list ? variables.podSpec[name] : ['no list']
)`;

const images = `\
// Every image, and '' for each that is missing.
(variables.lists[0] + variables.lists[1] + variables.lists[2])
  .map(container,
    type(container) == map && has(container.image) && type(container.image) == string ? string(container.image) : ''
  ) +
variables.lists[3]
  // Neither a volume of another type nor one whose reference a controller has yet to fill in holds an image.
  .filter(volume, !(
    type(volume) == map && (
      !has(volume.image) || volume.image == null ||
      type(volume.image) == map && (
        !has(volume.image.reference) || volume.image.reference == null || volume.image.reference == ''
      )
    )
  ))
  .map(volume,
    type(volume) == map && type(volume.image) == map && type(volume.image.reference) == string ?
    string(volume.image.reference) : ''
  )`;
