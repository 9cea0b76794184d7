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
type(spec) == 'object' && spec.[
${entriesOf("[initContainers, containers, ephemeralContainers]", "type(image) == 'string' && image || ''")},
${entriesOf("[volumes]", imageOfVolume)}[]
][]`;
}

/** An absent list is left out, and an object in a list's place becomes an entry that is none. */
function entriesOf(lists: string, image: string): string {
  return `map(&map(&(${image}), to_array(type(@) == 'object' || @)), ${lists}[*])[]`;
}

const imageOfVolume = `\
(type(@) != 'object' || !contains('null object', type(image)) || !contains('null string', type(image.reference))) &&
\`[""]\` || image.reference || \`[]\``;
