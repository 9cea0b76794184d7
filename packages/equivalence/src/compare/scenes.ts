import { kindNames } from "@registry-policy/language";
import type { ImageProbe } from "./probe.js";
import type { Sampling } from "./sampling.js";
import {
  arrangements,
  companions,
  dimensions,
  isPossible,
  keyOf,
  operations,
  type ProbedNamespace,
  places,
  type Scene,
} from "./scene.js";

/** What scenes are made of, around a base. */
export interface SceneParts {
  /** Its image is of no account. */
  readonly base: Scene;
  /** An image that both sides allow in the base, and one that both refuse, as far as there are such. */
  readonly allowed?: ImageProbe;
  readonly refused?: ImageProbe;
  readonly images: readonly ImageProbe[];
  readonly namespaces: readonly ProbedNamespace[];
  readonly users: readonly string[];
  readonly annotations: readonly string[];
}

/**
 * The two agreed images in every combination of kind, field, operation and place in the list, and in every namespace. With
 * a scene are those that are nearer the base by one thing, so that what differs can be put down to one cause.
 */
export function settingScenes({ base, allowed, refused, namespaces, users, annotations }: SceneParts): Scene[] {
  const scenes: Scene[] = [];
  for (const image of [refused, allowed]) {
    if (image === undefined) continue;
    for (const kind of kindNames) {
      for (const place of places) {
        for (const operation of operations) {
          // What violates there already goes on to, and so nothing can be said of an image that does not.
          if (image === allowed && place === "ephemeralContainers" && operation === "UPDATE of a violation") continue;
          for (const arrangement of arrangements) scenes.push({ ...base, kind, place, operation, arrangement, image });
        }
        for (const companion of companions) scenes.push({ ...base, kind, place, companion, image });
      }
      for (const namespace of namespaces) scenes.push({ ...base, kind, namespace, image });
      for (const user of users) scenes.push({ ...base, kind, user, image });
      for (const annotation of annotations) scenes.push({ ...base, kind, annotation, image });
    }
  }
  return possible(scenes);
}

/**
 * Every image in the base; in every field and every kind, as many as are to be asked about there; and those that are plain
 * in every namespace and beside another image.
 */
export function imageScenes(
  { base, images, namespaces }: SceneParts,
  { namesEverywhere, plainNamesEverywhere }: Pick<Sampling, "namesEverywhere" | "plainNamesEverywhere">,
): Scene[] {
  const stems = [...new Set(images.flatMap(({ stem }) => stem ?? []))];
  const inFull = new Set(stems.slice(0, namesEverywhere));
  const plainInFull = new Set(stems.slice(0, plainNamesEverywhere));
  return possible(
    images.flatMap((image) => {
      const { kind, stem } = image;
      if (kind === "named" || kind === "named-tag") return [{ ...base, image }];
      const isPlain = kind === "below" || kind === "itself";
      const isInFull = stem === undefined || inFull.has(stem) || (isPlain && plainInFull.has(stem));
      if (!isInFull) return [{ ...base, image }];
      return [
        ...places.map((place) => ({ ...base, place, image })),
        ...kindNames.map((kind) => ({ ...base, kind, image })),
        ...(kind === "below" ? namespaces.map((namespace) => ({ ...base, namespace, image })) : []),
        ...(kind === "below" ? [{ ...base, arrangement: "before another" as const, image }] : []),
      ];
    }),
  );
}

/** Each scene once, as an API server would send it. */
function possible(scenes: readonly Scene[]): Scene[] {
  const asked = scenes.map(asAsked).filter(isPossible);
  return [...new Map(asked.map((scene) => [keyOf(scene), scene])).values()];
}

/** An ephemeral container comes with an update, whatever the base is. */
export function asAsked(scene: Scene): Scene {
  const isAdded = scene.place === "ephemeralContainers" && scene.operation === "CREATE";
  return isAdded ? { ...scene, operation: "UPDATE" } : scene;
}

/** Scenes that are nearer the base by one thing. */
export function nearer(scene: Scene, base: Scene): Scene[] {
  const found = dimensions
    .filter((dimension) => JSON.stringify(scene[dimension]) !== JSON.stringify(base[dimension]))
    .map((dimension) => ({ ...scene, [dimension]: base[dimension] }));
  if (scene.place === "ephemeralContainers") found.push({ ...scene, place: base.place, operation: base.operation });
  if (scene.operation === "UPDATE of a violation") found.push({ ...scene, operation: "UPDATE" });
  if (scene.arrangement === "under a name used twice") found.push({ ...scene, arrangement: "before another" });
  const { name, labels } = scene.namespace;
  if (name !== base.namespace.name && JSON.stringify(labels) !== JSON.stringify(base.namespace.labels)) {
    found.push({ ...scene, namespace: { name, labels: base.namespace.labels } });
    found.push({ ...scene, namespace: { name: base.namespace.name, labels } });
  }
  if (scene.companion === "everything") {
    for (const companion of ["initContainers", "volumes", "labels"] as const) found.push({ ...scene, companion });
  }
  // What has to be there is not there in a pod that has nothing.
  if (base.companion === "everything" && scene.companion !== "nothing" && scene.companion !== "everything") {
    found.push({ ...scene, companion: "nothing" });
  }
  // An init container is one of a pod that has init containers, and an image volume one of a pod that has volumes.
  if ((scene.place === "initContainers" || scene.place === "volumes") && scene.companion === base.companion) {
    found.push({ ...scene, place: base.place, companion: scene.place });
  }
  const key = keyOf(scene);
  return found.map(asAsked).filter((one) => isPossible(one) && keyOf(one) !== key);
}
