import type { Base } from "./find-base.js";
import { type Direction, directionOf, type JudgedScene } from "./judged-scenes.js";
import { type Dimension, dimensions, keyOf, type Scene } from "./scene.js";
import { nearer } from "./scenes.js";

/** All that was judged so far, by the keys of the scenes. */
export type Judged = ReadonlyMap<string, JudgedScene>;

/** Whether the sides differ on a scene for what they differ on nearer the base, or with a plainer image. */
export function isExplained({ scene }: JudgedScene, direction: Direction, base: Base, judged: Judged): boolean {
  if (isByWhatWasThere(scene, base, judged)) return true;
  const parents = scene.image.parents.flatMap((id) => {
    const image = judgedImages(judged).get(id);
    return image === undefined ? [] : [{ ...scene, image }];
  });
  const candidates = [...nearer(scene, base.scene), ...parents];
  if (dimensionsApart(scene, base.scene).length > 0) {
    const twin = { admitted: base.allowed, refused: base.refused }[outcomeInBase(scene, base, judged) ?? "refused"];
    // What is refused whatever the image is.
    if (base.allowed !== undefined && twin === base.refused) candidates.push({ ...scene, image: base.allowed });
    if (twin !== undefined && twin.id !== scene.image.id) candidates.push({ ...scene, image: twin });
  }
  // Two images that are allowed, but not beside each other: the plainest pod in which they are has one list.
  if (hasCompany(scene) && outcomeInBase(scene, base, judged) === "admitted") {
    const besideAnother: Scene = { ...base.scene, arrangement: "before another", image: scene.image };
    if (keyOf(besideAnother) !== keyOf(scene)) candidates.push(besideAnother);
  }
  // Where no image is allowed by both, what stands beside the image in question may be what they differ on.
  const beside = base.allowed === undefined ? judgedImages(judged).get(base.harmless) : undefined;
  if (beside !== undefined && hasCompany(scene)) candidates.push({ ...base.scene, image: beside });
  if (beside !== undefined && base.refused !== undefined && scene.place === "ephemeralContainers") {
    candidates.push({ ...base.scene, operation: "UPDATE of a violation", image: base.refused });
  }
  return candidates.some((candidate) => {
    if (isByWhatWasThere(candidate, base, judged)) return false;
    const said = judged.get(keyOf(candidate));
    return said !== undefined && directionOf(said) === direction;
  });
}

/** Whether the sides may differ on an update for what was there before it: no image is allowed by both. */
function isByWhatWasThere(scene: Scene, base: Base, judged: Judged): boolean {
  if (base.allowed !== undefined || scene.operation !== "UPDATE" || scene.place === "ephemeralContainers") return false;
  const before = judgedImages(judged).get(base.harmless);
  const said = before === undefined ? undefined : judged.get(keyOf({ ...base.scene, image: before }));
  return said !== undefined && directionOf(said) !== undefined;
}

function hasCompany({ place, arrangement, companion }: Scene): boolean {
  return place !== "containers" || arrangement !== "alone" || companion !== "nothing";
}

/** Whether the sides agree in a scene on the images on which they agree in the base. */
export function isAgreedOfOthers(scene: Scene, base: Base, judged: Judged): boolean {
  const others = [base.allowed, base.refused].filter((image) => image !== undefined && image.id !== scene.image.id);
  const said = others.flatMap((image) => (image === undefined ? [] : (judged.get(keyOf({ ...scene, image })) ?? [])));
  const outcome = outcomeInBase(scene, base, judged);
  const twin = { admitted: base.allowed, refused: base.refused }[outcome ?? "refused"];
  return (
    twin !== undefined &&
    twin.id !== scene.image.id &&
    said.some(({ scene }) => scene.image.id === twin.id) &&
    said.every((one) => directionOf(one) === undefined)
  );
}

/** What both sides make of a scene's image in the base. */
export function outcomeInBase(scene: Scene, base: Base, judged: Judged): "admitted" | "refused" | undefined {
  const said = judged.get(keyOf({ ...base.scene, image: scene.image }));
  return said === undefined || directionOf(said) !== undefined ? undefined : said.left.outcome;
}

/** How a scene differs from the base; the update by which an ephemeral container is added is no difference of its own. */
export function dimensionsApart(scene: Scene, base: Scene): Dimension[] {
  return dimensions.filter((dimension) => {
    if (dimension === "operation" && scene.place === "ephemeralContainers" && scene.operation === "UPDATE")
      return false;
    return JSON.stringify(scene[dimension]) !== JSON.stringify(base[dimension]);
  });
}

const imagesOf = new WeakMap<Judged, Map<string, Scene["image"]>>();

/** The images of all scenes, by their ids. */
export function judgedImages(judged: Judged): Map<string, Scene["image"]> {
  let images = imagesOf.get(judged);
  if (images === undefined) {
    images = new Map([...judged.values()].map(({ scene }) => [scene.image.id, scene.image]));
    imagesOf.set(judged, images);
  }
  return images;
}
