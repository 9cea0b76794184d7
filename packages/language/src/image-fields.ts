import { isObject, ownProperty, valueAt } from "./json-value.js";
import { type Kind, kinds } from "./kinds.js";

/** One image of an object, or one place where an image should be and something unreadable is. */
export interface ImageField {
  /** `spec.template.spec.initContainers[0].image`, `spec.volumes[1].image.reference`, `spec.containers`, `spec`. */
  readonly field: string;
  /** Any JSON value; `undefined` where what should hold the image cannot be read. */
  readonly image: unknown;
}

const containerLists = ["initContainers", "containers", "ephemeralContainers"] as const;

/**
 * Every image field of an object, in the order of the language page. What cannot be read (a pod spec that is absent,
 * a list that is none, an entry that is no object) is there too, without an image: nothing is skipped.
 *
 * @param object any JSON value, said to be of that kind.
 */
export function imageFields(kind: Kind, object: unknown): ImageField[] {
  const path = [...kinds[kind].podTemplate, "spec"];
  const prefix = path.join(".");
  const podSpec = valueAt(object, path);
  if (!isObject(podSpec)) return [{ field: prefix, image: undefined }];
  return [
    ...containerLists.flatMap((list) =>
      listEntries(podSpec, list, prefix).map(({ field, entry }) =>
        isObject(entry) ? { field: `${field}.image`, image: ownProperty(entry, "image") } : { field, image: undefined },
      ),
    ),
    ...listEntries(podSpec, "volumes", prefix).flatMap(({ field, entry }) => volumeImage(entry, field)),
  ];
}

/** The entries of a list; one that is no object if the list is something else; none if it is absent or null. */
function listEntries(podSpec: unknown, name: string, prefix: string): { field: string; entry: unknown }[] {
  const list = ownProperty(podSpec, name);
  const field = `${prefix}.${name}`;
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) return [{ field, entry: undefined }];
  return list.map((entry: unknown, index) => ({ field: `${field}[${index}]`, entry }));
}

/** An image volume without a reference holds no image: the API lets a controller fill it in. */
function volumeImage(volume: unknown, field: string): ImageField[] {
  if (!isObject(volume)) return [{ field, image: undefined }];
  const source = ownProperty(volume, "image");
  if (source === undefined || source === null) return [];
  if (!isObject(source)) return [{ field: `${field}.image`, image: undefined }];
  const reference = ownProperty(source, "reference");
  if (reference === undefined || reference === null || reference === "") return [];
  return [{ field: `${field}.image.reference`, image: reference }];
}
