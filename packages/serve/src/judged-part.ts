import { type AdmissionRequest, isObject, type Kind, kinds, ownProperty } from "@registry-policy/language";

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

/**
 * The part of a request that a policy can depend on, as the wasm's input. Most of a Pod (environment, probes, managed
 * fields) decides nothing, and taking it into wasm and apart there costs more than the decision.
 *
 * A value of the wrong type keeps its type, so that the wasm finds it as wrong as it is.
 *
 * @throws TooManyImages
 */
export function judgedPart(request: AdmissionRequest, { annotations, users }: ReadParts): { readonly request: object } {
  const { operation, kind, subResource, namespace, userInfo, object } = request;
  return {
    request: {
      operation,
      kind,
      ...(subResource !== undefined && { subResource }),
      namespace,
      userInfo: users ? { username: userInfo.username, groups: userInfo.groups } : {},
      ...(object !== undefined && { object: objectPart(kind.kind, object, annotations) }),
    },
  };
}

function objectPart(kind: string, object: unknown, annotations: readonly string[]): unknown {
  if (!Object.hasOwn(kinds, kind)) return typeOnly(object);
  const template = (value: unknown) => templatePart(value, annotations);
  return kinds[kind as Kind].podTemplate.reduceRight(
    (part: (value: unknown) => unknown, key) => (value) => members(value, { [key]: part }),
    template,
  )(object);
}

function templatePart(template: unknown, annotations: readonly string[]): unknown {
  let entries = 0;
  const list = (part: (entry: unknown) => unknown) => (value: unknown) => {
    if (!Array.isArray(value)) return typeOnly(value);
    entries += value.length;
    if (entries > maximumEntries) {
      throw new TooManyImages(`the pod spec has more than ${maximumEntries} containers and volumes`);
    }
    return value.map(part);
  };
  const texts = Object.fromEntries(annotations.map((annotation) => [annotation, typeOnly]));
  const spec: Members = {
    ...Object.fromEntries(containerLists.map((name) => [name, list(container)])),
    volumes: list(volume),
  };
  return members(template, {
    metadata: (metadata) => members(metadata, { annotations: (value) => members(value, texts) }),
    spec: (value) => members(value, spec),
  });
}

const container = (entry: unknown) => members(entry, { image: typeOnly });
const volume = (entry: unknown) => members(entry, { image: (image) => members(image, { reference: typeOnly }) });

type Members = Readonly<Record<string, (value: unknown) => unknown>>;

/** Of an object, the named members that it has; of anything else, its type. */
function members(value: unknown, parts: Members): unknown {
  if (!isObject(value)) return typeOnly(value);
  const part: Record<string, unknown> = {};
  for (const key of Object.keys(parts)) {
    const member = ownProperty(value, key);
    if (member !== undefined) part[key] = parts[key]?.(member);
  }
  return part;
}

/** A scalar as it is, a list or an object without what it holds. */
function typeOnly(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  return isObject(value) ? {} : value;
}
