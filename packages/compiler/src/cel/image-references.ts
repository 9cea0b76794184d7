import { imageId, maximumLength, reference, untagged, withRegistry } from "../expressions/reference-grammar.js";
import { celText } from "./cel-text.js";
import type { NamedExpression } from "./named-expression.js";

/** The images that are valid references, as they stand in the object. */
export const validImages: NamedExpression = {
  name: "valid",
  expression: `\
// The images that are references.
variables.images.filter(image,
  size(image) <= ${maximumLength} &&
  image.matches(${celText(reference)}) &&
  // A bare image id names no registry.
  !image.matches(${celText(imageId)})
)`,
};

/** What a lookup needs of a reference beyond its registry in lower case without the port 443. */
export interface ReferenceNeeds {
  /** No leading zeros in a port. */
  readonly ports: boolean;
  /** The tag `latest` where neither a tag nor a digest is written. */
  readonly tags: boolean;
}

/**
 * The valid images together with what they are called in full, once normalised: `reference` begins with the registry,
 * and on Docker Hub has its `library/`.
 *
 * @param defaultRegistry normalised, where a short name is pulled from.
 */
export function imageReferences(defaultRegistry: string, { ports, tags }: ReferenceNeeds): NamedExpression[] {
  return [
    {
      name: "located",
      expression: `\
// Their registries, normalised: in lower case, without the port 443.
variables.valid
  .map(image, {'image': image, 'written': image.find(${celText(withRegistry)})})
  .map(it, {
    'image': it.image,
    'registry': it.written == '' ? ${celText(`${defaultRegistry}/`)} :
      it.written.lowerAscii().replace(it.written.find('(?::0*443)?/$'), '/'),
    'path': it.image.substring(size(it.written)),
  })${ports ? withoutLeadingZeros : ""}`,
    },
    {
      name: "references",
      expression: `\
// Each in full: \`docker.io/library/nginx:1.27\`.
variables.located.map(it, {
  'image': it.image,
  'reference': it.registry in ['docker.io/', 'index.docker.io/'] ?
    'docker.io/' + (it.path.contains('/') ? '' : 'library/') + it.path : it.registry + it.path,
})${tags ? withLatest : ""}`,
    },
  ];
}

const withoutLeadingZeros = `
  .map(it, {
    'image': it.image,
    'registry': !it.registry.matches(':0+[0-9]+/$') ? it.registry :
      it.registry.replace(it.registry.find(':0+[0-9]+/$'), ':' + it.registry.find('[1-9][0-9]*/$|0/$')),
    'path': it.path,
  })`;

const withLatest = `.map(it, {
  'image': it.image,
  'reference': it.reference.matches(${celText(untagged)}) ? it.reference + ':latest' : it.reference,
})`;
