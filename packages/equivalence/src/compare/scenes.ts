import { kindNames } from "@registry-policy/language";
import type { ImageProbe } from "./image-probes.js";
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
 * The scenes to judge: every image in every field and, of the telling kinds, in every kind; and the two agreed images in
 * every combination of kind, field, operation and place in the list, and in every namespace. With a scene are those that
 * are nearer the base by one thing, so that what differs can be put down to one cause.
 */
export function scenesAround({ base, allowed, refused, images, namespaces, users, annotations }: SceneParts): Scene[] {
  const found = new Map<string, Scene>();
  const add = (scene: Scene) => {
    const asked = asAsked(scene);
    if (isPossible(asked)) found.set(keyOf(asked), asked);
  };
  for (const image of images) {
    for (const place of places) add({ ...base, place, image });
    for (const kind of kindNames) add({ ...base, kind, image });
  }
  for (const image of [refused, allowed]) {
    if (image === undefined) continue;
    for (const kind of kindNames) {
      for (const place of places) {
        for (const operation of operations) {
          // What violates there already goes on to, and so nothing can be said of an image that does not.
          if (image === allowed && place === "ephemeralContainers" && operation === "UPDATE of a violation") continue;
          for (const arrangement of arrangements) add({ ...base, kind, place, operation, arrangement, image });
        }
        for (const companion of companions) add({ ...base, kind, place, companion, image });
      }
      for (const namespace of namespaces) add({ ...base, kind, namespace, image });
      for (const user of users) add({ ...base, kind, user, image });
      for (const annotation of annotations) add({ ...base, kind, annotation, image });
    }
  }
  return [...found.values()];
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
  const key = keyOf(scene);
  return found.map(asAsked).filter((one) => isPossible(one) && keyOf(one) !== key);
}
