import { type Kind, kinds } from "@registry-policy/language";
import { celTexts } from "./cel-text.js";
import type { NamedExpression } from "./named-expression.js";
import { mapsAt, pathBelowObject } from "./object-path.js";

/**
 * The variable `images`: every image of the object's pod spec, as text. What is no list, no object or no text becomes an
 * empty text, which is no valid reference: nothing is left out that could hold an image, and no shape of an object is an
 * evaluation error.
 *
 * It is one variable, and gives the pod's spec a name of its own: an API server sets up an evaluation for each variable
 * (Callback of k8s.io/apiserver pkg/admission/plugin/cel/composition.go), and runs a regular expression over its name
 * at each mention (Unescape of pkg/cel/escaping.go).
 */
export function podImages(policyKinds: readonly Kind[]): NamedExpression {
  const podSpec = byKind(policyKinds, (kind) => valueAt([...kinds[kind].podTemplate, "spec"]));
  return { name: "images", expression: images(podSpec.replaceAll("\n", "\n  ")) };
}

/** The variable `podTemplate`: what holds the pod's spec and metadata, a Pod itself; `null` where there is none. */
export function podTemplate(policyKinds: readonly Kind[]): NamedExpression {
  return { name: "podTemplate", expression: byKind(policyKinds, (kind) => valueAt(kinds[kind].podTemplate)) };
}

/** What holds the pod's spec is a matter of the kind, whatever other fields the object has. */
function byKind(policyKinds: readonly Kind[], expressionOf: (kind: Kind) => string): string {
  const byExpression = new Map<string, Kind[]>();
  for (const kind of policyKinds) {
    const expression = expressionOf(kind);
    byExpression.set(expression, [...(byExpression.get(expression) ?? []), kind]);
  }
  return [...byExpression]
    .map(([expression, names], index) =>
      index === byExpression.size - 1 ? expression : `request.kind.kind in ${celTexts(names)} ? ${expression} :\n`,
    )
    .join("");
}

/** What is at a path below `object`; `null` where there is nothing, or something else than an object on the way. */
function valueAt(path: readonly string[]): string {
  const value = pathBelowObject(path);
  if (path.length === 0) return value;
  if (path.length === 1) return `(has(${value}) ? ${value} : null)`;
  return `(\n  ${[...mapsAt(path.slice(0, -1)), `has(${value})`].join(" &&\n  ")} ? ${value} : null\n)`;
}

/** A null list holds nothing, as an absent one; something else in a list's place is an entry that is no object. */
function entries(list: string): string {
  return `type(${list}) == list ? ${list} : ${list} == null ? [] : ['no list']`;
}

const images = (podSpec: string) => `\
// Every image, and '' for each that is missing: nothing that cannot be read is left out.
[
  ${podSpec}
].map(podSpec, type(podSpec) != map ? [''] :
  (
    (!has(podSpec.initContainers) ? [] : ${entries("podSpec.initContainers")}) +
    (!has(podSpec.containers) ? [] : ${entries("podSpec.containers")}) +
    (!has(podSpec.ephemeralContainers) ? [] : ${entries("podSpec.ephemeralContainers")})
  ).map(container,
    type(container) == map && has(container.image) && type(container.image) == string ? container.image : ''
  ) +
  (!has(podSpec.volumes) ? [] : (${entries("podSpec.volumes")}).map(volume,
    // Neither a volume of another type nor one whose reference a controller has yet to fill in holds an image.
    !(
      type(volume) == map && (
        !has(volume.image) || volume.image == null ||
        type(volume.image) == map && (
          !has(volume.image.reference) || volume.image.reference == null || volume.image.reference == ''
        )
      )
    ),
    type(volume) == map && type(volume.image) == map && type(volume.image.reference) == string ?
    volume.image.reference : ''
  ))
)[0]`;
