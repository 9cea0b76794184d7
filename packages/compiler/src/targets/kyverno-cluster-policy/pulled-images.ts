import type { Kind } from "@registry-policy/language";
import { podTemplate } from "./pod-template.js";

/**
 * JMESPath for the images that the object under review pulls, as texts: what is no list, no object or no text
 * becomes an empty text, which is no valid reference. It is false where there is no pod spec.
 * Nothing is left out that could hold an image, and nothing is an error, which Kyverno takes for a refusal only
 * sometimes (pkg/utils/engine/response.go).
 */
export function pulledImages(policyKinds: readonly Kind[]): string {
  return `\
request.object |
${podTemplate(policyKinds)} |
type(spec) == 'object' && (spec.[initContainers, containers, ephemeralContainers, volumes][*].${entries} |
[map(&map(&(type(image) == 'string' && image || ''), @), [:3]),
map(&map(&(${imageOfVolume}), @), [3:])[]][][])`;
}

/** An absent list becomes an empty one, and an object in a list's place becomes an entry that is none. */
const entries = "to_array(type(@) == 'object' || not_null(@, `[]`))";

const imageOfVolume = `\
(type(@) != 'object' || !contains('null object', type(image)) || !contains('null string', type(image.reference))) &&
\`[""]\` || image.reference || \`[]\``;
