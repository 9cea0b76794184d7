import { type Kind, kinds } from "@registry-policy/language";

/**
 * JMESPath for a part of the pod template of the object under review: the object whose metadata and spec are the
 * pod's own. Which field holds it is a matter of the kind, whatever other fields the object has.
 */
export function podTemplate(policyKinds: readonly Kind[], part: string): string {
  const byPath = new Map<string, Kind[]>();
  for (const kind of policyKinds) {
    const path = [...kinds[kind].podTemplate, part].join(".");
    byPath.set(path, [...(byPath.get(path) ?? []), kind]);
  }
  const alternatives = [...byPath].map(([path, names]) => {
    const isKind = names.map((name) => `kind == '${name}'`).join(" || ");
    return `[request.object][?${isKind}].${path}`;
  });
  return `(${alternatives.join(" ||\n")}) | [0]`;
}

/**
 * JMESPath for the images of the pod spec `podSpec`, as texts. What is no list, no object or no text becomes an empty
 * text, which is no valid reference: nothing is left out that could hold an image, and nothing is an error, which
 * Kyverno takes for a refusal only sometimes (pkg/utils/engine/response.go).
 */
export const pulledImages = [
  "[",
  "  type(podSpec) != 'object' && `[\"\"]` || `[]`,",
  "  map(",
  `    &map(&(type(@) == 'object' && type(image) == 'string' && image || ''), ${entries("@")}),`,
  "    [not_null(podSpec.initContainers), not_null(podSpec.containers), not_null(podSpec.ephemeralContainers)]",
  "  )[],",
  "  map(&(",
  "    type(@) != 'object' && `[\"\"]` ||",
  "    type(image) != 'object' && type(image) != 'null' && `[\"\"]` ||",
  "    type(image.reference) != 'string' && type(image.reference) != 'null' && `[\"\"]` ||",
  "    type(image.reference) == 'string' && image.reference != '' && [image.reference] ||",
  "    `[]`",
  `  ), ${entries("podSpec.volumes")})[]`,
  "][]",
].join("\n");

/** An object in a list's place would pass for a list with one entry: it becomes something that is no entry. */
function entries(list: string): string {
  return `to_array(type(${list}) == 'object' && 'no list' || not_null(${list}, \`[]\`))`;
}
