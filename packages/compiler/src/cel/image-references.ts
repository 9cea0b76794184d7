import {
  imageId,
  inFull,
  maximumLength,
  onDockerHubInShort,
  referenceInFewInstructions,
  untagged,
  withRegistry,
} from "../expressions/reference-grammar.js";
import { celText } from "./cel-text.js";
import type { NamedExpression } from "./named-expression.js";

/** What a lookup needs of a reference beyond its registry in lower case without the port 443. */
export interface ReferenceNeeds {
  /** No leading zeros in a port. */
  readonly ports: boolean;
  /** The tag `latest` where neither a tag nor a digest is written. */
  readonly tags: boolean;
}

/** What holds of an `image` that is a valid reference: conditions that all have to hold. */
export const validImage: readonly string[] = [
  `size(image) <= ${maximumLength}`,
  `image.matches(${celText(referenceInFewInstructions)})`,
  `!image.matches(${celText(imageId)})`,
];

/**
 * The images together with what they are called in full, once normalised: `reference` begins with the registry, and on
 * Docker Hub has its `library/`. What is no valid reference has an empty one.
 *
 * Most images are written as they are called in full. They are told by a match, which costs far less than to
 * take them apart: cel-go keeps an account of each step of an expression, and of nothing within a match.
 *
 * @param shortName CEL for what comes before an `image` that is a short name.
 */
export function imageReferences(shortName: string, { ports, tags }: ReferenceNeeds): NamedExpression {
  return {
    name: "references",
    expression: `\
// What each image is called in full, as \`docker.io/library/nginx:1.27\`; '' where it is no reference.
variables.images.map(image, {
  'image': image,
  'reference':
    size(image) > ${maximumLength} || !image.matches(${celText(referenceInFewInstructions)}) ? '' :
    image.matches(${celText(inFull({ tags }))}) && !image.matches(${celText(onDockerHubInShort)}) ? image :
    // A bare image id names no registry.
    image.matches(${celText(imageId)}) ? '' :
    [image.find(${celText(withRegistry)})].map(written, written == '' ?
      ${shortName} + image :
      // The registry in lower case and without the port 443.
      [written.lowerAscii().replace(written.find('(?::0*443)?/$'), '/')].map(registry,
        (registry in ['docker.io/', 'index.docker.io/'] ?
          ${onDockerHub("image.substring(size(written))")} :
          ${ports ? withoutLeadingZeros : "registry"}) +
        image.substring(size(written))
      )[0]
    )[0]${tags ? withLatest : ""},
})`,
  };
}

/** CEL for what comes before a path on Docker Hub. */
export function onDockerHub(path: string): string {
  return `'docker.io/' + (${path}.contains('/') ? '' : 'library/')`;
}

const withoutLeadingZeros = `\
!registry.matches(':0+[0-9]+/$') ? registry :
            registry.replace(registry.find(':0+[0-9]+/$'), ':' + registry.find('[1-9][0-9]*/$|0/$'))`;

const withLatest = ` +
    (image.matches(${celText(untagged)}) ? ':latest' : '')`;
