import { type AdmissionRequest, isObject, kinds, ownProperty } from "@registry-policy/language";

/** More images than any object has, and as many as are judged in a moment: what holds more is refused unread. */
export const maximumEntries = 2_000;

/** An object holds more than can be judged before the API server gives up. */
export class TooManyImages extends Error {
  override readonly name = "TooManyImages";
}

const containerLists = ["initContainers", "containers", "ephemeralContainers"] as const;

/** What some policy reads of a request, of what not every policy does. */
export interface ReadParts {
  readonly annotations: readonly string[];
  /** Whether the user and the groups are read. */
  readonly users: boolean;
}

/** Takes a value to what of it a policy can depend on. */
type Part = (value: unknown) => unknown;

/**
 * What takes a request to the part of it that a policy can depend on, as the wasm's input. Most of a Pod (environment,
 * probes, managed fields) decides nothing, and taking it into wasm and apart there costs more than the decision.
 *
 * A value of the wrong type keeps its type, so that the wasm finds it as wrong as it is.
 *
 * @returns a function that throws TooManyImages.
 */
export function judgedPart(read: ReadParts): (request: AdmissionRequest) => { readonly request: object } {
  const template = templatePart(read.annotations);
  const objectParts = new Map<string, Part>(
    Object.entries(kinds).map(([kind, { podTemplate }]) => [
      kind,
      podTemplate.reduceRight<Part>((part, key) => members({ [key]: part }), template),
    ]),
  );
  return ({ operation, kind, subResource, namespace, userInfo, object }) => {
    const objectPart = objectParts.get(kind.kind) ?? typeOnly;
    return {
      request: {
        operation,
        kind,
        ...(subResource !== undefined && { subResource }),
        namespace,
        userInfo: read.users ? { username: userInfo.username, groups: userInfo.groups } : {},
        ...(object !== undefined && { object: objectPart(object) }),
      },
    };
  };
}

function templatePart(annotations: readonly string[]): Part {
  const texts = members(Object.fromEntries(annotations.map((annotation) => [annotation, typeOnly])));
  const containers = list(members({ image: typeOnly }));
  const volumes = list(members({ image: members({ reference: typeOnly }) }));
  const spec = members({ ...Object.fromEntries(containerLists.map((name) => [name, containers])), volumes });
  return members({
    ...(annotations.length > 0 && { metadata: members({ annotations: texts }) }),
    spec(value) {
      countEntries(value);
      return spec(value);
    },
  });
}

/** @throws TooManyImages */
function countEntries(spec: unknown): void {
  let entries = 0;
  for (const name of [...containerLists, "volumes"]) {
    const value = ownProperty(spec, name);
    if (Array.isArray(value)) entries += value.length;
  }
  if (entries > maximumEntries) {
    throw new TooManyImages(`the pod spec has more than ${maximumEntries} containers and volumes`);
  }
}

/** Of an object, the named members that it has; of anything else, its type. */
function members(parts: Readonly<Record<string, Part>>): Part {
  const named = Object.entries(parts);
  return (value) => {
    if (!isObject(value)) return typeOnly(value);
    const part: Record<string, unknown> = {};
    for (const [key, partOf] of named) {
      const member = ownProperty(value, key);
      if (member !== undefined) part[key] = partOf(member);
    }
    return part;
  };
}

/** Of a list, the parts of its entries; of anything else, its type. */
function list(entry: Part): Part {
  return (value) => (Array.isArray(value) ? value.map(entry) : typeOnly(value));
}

/** A scalar as it is, a list or an object without what it holds. */
function typeOnly(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  return isObject(value) ? {} : value;
}
