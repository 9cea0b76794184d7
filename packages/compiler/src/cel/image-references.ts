import {
  imageId,
  inFull,
  maximumLength,
  onDockerHubInLowerCase,
  referenceInFewInstructions,
  untaggedBehindSlash,
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
 * @param defaultRegistry CEL for the registry that a short name is pulled from, normalised, with a slash behind it.
 */
export function imageReferences(defaultRegistry: string, { ports, tags }: ReferenceNeeds): NamedExpression {
  return {
    name: "references",
    expression: `\
// What each image is called in full, as \`docker.io/library/nginx:1.27\`; '' where it is no reference.
variables.images.map(image, {
  'image': image,
  'reference':
    size(image) > ${maximumLength} || !image.matches(${celText(referenceInFewInstructions)}) ? '' :
    image.matches(${celText(inFull({ tags }))}) && !image.matches(${celText(onDockerHubInLowerCase)}) ? image :
    // A bare image id names no registry.
    image.matches(${celText(imageId)}) ? '' :
    // The registry in lower case and without the port 443.
    [image.find(${celText(withRegistry)})]
      .map(written, {
        'registry': written == '' ? ${defaultRegistry} :
          written.lowerAscii().replace(written.find('(?::0*443)?/$'), '/'),
        'path': image.substring(size(written)),
      })${ports ? withoutLeadingZeros : ""}
      .map(it, it.registry in ['docker.io/', 'index.docker.io/'] ?
        'docker.io/' + (it.path.contains('/') ? '' : 'library/') + it.path : it.registry + it.path)${tags ? withLatest : ""}[0],
})`,
  };
}

const withoutLeadingZeros = `
      .map(it, {
        'registry': !it.registry.matches(':0+[0-9]+/$') ? it.registry :
          it.registry.replace(it.registry.find(':0+[0-9]+/$'), ':' + it.registry.find('[1-9][0-9]*/$|0/$')),
        'path': it.path,
      })`;

const withLatest = `
      .map(reference, reference.matches(${celText(untaggedBehindSlash)}) ? reference + ':latest' : reference)`;
