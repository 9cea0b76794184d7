import type { Base } from "./find-base.js";
import { outsider } from "./image-probes.js";
import { type Direction, directionOf, errorOf, type JudgedScene } from "./judged-scenes.js";
import { type Dimension, dimensions, keyOf, type Scene } from "./scene.js";
import { nearer } from "./scenes.js";

/** Scenes on which the sides differ for one cause. */
export interface CauseGroup {
  /** Tells two causes apart, also where more scenes are known. */
  readonly key: string;
  readonly direction: Direction;
  /** How the scenes differ from the base; none: by their image. */
  readonly dimensions: readonly Dimension[];
  /** Whether the sides agree about other images in such scenes, so that the cause is in the image and the setting. */
  readonly isOfImage: boolean;
  /** The side that failed with an error, and with which. */
  readonly failed?: { readonly side: "LEFT" | "RIGHT"; readonly error: string };
  /** The side that never refuses, or never admits, anything of all that was asked; or of all that is like the base. */
  readonly constant?: Constant;
  /** Whether both sides refuse the images in the base. */
  readonly refusedInBase: boolean;
  /** Whether both sides refuse an image for its lack of a tag, so that it is the colon of a port that makes a difference. */
  readonly portForTag: boolean;
  readonly scenes: readonly JudgedScene[];
}

/** A side that does the same with all images. */
export interface Constant {
  readonly side: "LEFT" | "RIGHT";
  readonly outcome: "admitted" | "refused";
  /** What is like the base, where the side does not do it everywhere. */
  readonly among?: Pick<Scene, "kind" | "namespace">;
}

/** Groups of kinds of images that one mistake explains: a text that is looked for anywhere. */
const merged: Readonly<Record<string, string>> = { after: "boundary", before: "boundary" };

/** The disagreements that nothing nearer the base explains, by their causes. */
export function groupCauses(base: Base, judged: ReadonlyMap<string, JudgedScene>): CauseGroup[] {
  const groups = new Map<string, { group: CauseGroup; scenes: JudgedScene[] }>();
  const all = [...judged.values()];
  const inBase = all.filter(({ scene }) => dimensionsApart(scene, base.scene).length === 0);
  const { kind, namespace } = base.scene;
  const constants = constantSides(all);
  const constantsInBase = constantSides(inBase).map((side) => ({ ...side, among: { kind, namespace } }));
  const portForTag = isTagAskedFor(base, judged);
  for (const one of all) {
    const direction = directionOf(one);
    if (direction === undefined) continue;
    const failed = errorOf(one);
    const isInBase = dimensionsApart(one.scene, base.scene).length === 0;
    const known = isInBase ? [...constants, ...constantsInBase] : constants;
    const constant = failed === undefined ? known.find((side) => isBy(side, one)) : undefined;
    let key: string;
    let apart: readonly Dimension[] = [];
    let isOfImage = false;
    if (constant !== undefined) {
      key = JSON.stringify([direction, constant]);
    } else {
      if (isExplained(one, direction, base, judged)) continue;
      apart = dimensionsApart(one.scene, base.scene);
      isOfImage = apart.length > 0 && isAgreedOfOthers(one.scene, base, judged);
      const parts = apart.map((dimension) => partOfKey(one.scene, dimension));
      key =
        failed === undefined
          ? JSON.stringify([direction, ...parts, imageKey(one, isOfImage || apart.length === 0, base, judged)])
          : JSON.stringify([direction, failed.side, errorKey(failed.error, one.scene)]);
    }
    const found = groups.get(key);
    if (found !== undefined) {
      found.scenes.push(one);
      continue;
    }
    const scenes = [one];
    const facts = { ...(failed !== undefined && { failed }), ...(constant !== undefined && { constant }) };
    const refusedInBase = outcomeInBase(one.scene, base, judged) !== "admitted";
    const group = { key, direction, dimensions: apart, isOfImage, ...facts, refusedInBase, portForTag, scenes };
    groups.set(key, { group, scenes });
  }
  return [...groups.values()].map(({ group }) => group);
}

/** How a scene differs from the base; the update by which an ephemeral container is added is no difference of its own. */
export function dimensionsApart(scene: Scene, base: Scene): Dimension[] {
  return dimensions.filter((dimension) => {
    if (dimension === "operation" && scene.place === "ephemeralContainers" && scene.operation === "UPDATE")
      return false;
    return JSON.stringify(scene[dimension]) !== JSON.stringify(base[dimension]);
  });
}

/** Of these, all that are left out are left out for one cause. */
const listed: ReadonlySet<Dimension> = new Set(["kind", "namespace", "user", "annotation"]);

function partOfKey(scene: Scene, dimension: Dimension): string {
  if (listed.has(dimension)) return dimension;
  if (dimension === "arrangement" && scene.arrangement !== "under a name used twice") return dimension;
  return `${dimension}=${JSON.stringify(scene[dimension])}`;
}

function imageKey(one: JudgedScene, isByImage: boolean, base: Base, judged: ReadonlyMap<string, JudgedScene>): string {
  const { image } = one.scene;
  if (!isByImage) return outcomeInBase(one.scene, base, judged) ?? "disputed";
  // That images of two registries may not stand beside each other is one cause, whichever they are.
  if (isBesideAnother(one.scene, base, judged)) return "beside another";
  const kind = merged[image.kind] ?? image.kind;
  return kind === "below" || kind === "shortest" ? `${kind} ${image.stem}` : kind;
}

/** Whether both sides admit an image that has a tag, and refuse it where it has none. */
function isTagAskedFor({ scene }: Base, judged: ReadonlyMap<string, JudgedScene>): boolean {
  const [tagged, untagged] = [`${outsider}:1.0`, outsider].map((id) => {
    const image = judgedImages(judged).get(id);
    return image === undefined ? undefined : judged.get(keyOf({ ...scene, image }));
  });
  const isBy = (said: JudgedScene | undefined, outcome: "admitted" | "refused") =>
    said !== undefined && said.left.outcome === outcome && said.right.outcome === outcome;
  return isBy(tagged, "admitted") && isBy(untagged, "refused");
}

/** Whether nothing is wrong with an image but that another one stands beside it. */
function isBesideAnother(scene: Scene, base: Base, judged: ReadonlyMap<string, JudgedScene>): boolean {
  const isSecond = dimensionsApart(scene, base.scene).join() === "arrangement";
  return isSecond && outcomeInBase(scene, base, judged) === "admitted";
}

/** An error without what differs from one image to the next: an engine may say what is wrong with each. */
function errorKey(error: string, { image }: Scene): string {
  if (image.kind === "invalid" || image.kind === "missing") return image.kind;
  const text = typeof image.value === "string" ? error.replaceAll(image.value, "#") : error;
  return text.replaceAll(/\d+|"[^"]*"|'[^']*'|`[^`]*`/g, "#");
}

/** Whether the sides agree in a scene on the images on which they agree in the base. */
function isAgreedOfOthers(scene: Scene, base: Base, judged: ReadonlyMap<string, JudgedScene>): boolean {
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

function isExplained(
  { scene }: JudgedScene,
  direction: Direction,
  base: Base,
  judged: ReadonlyMap<string, JudgedScene>,
): boolean {
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
  return candidates.some((candidate) => {
    const said = judged.get(keyOf(candidate));
    return said !== undefined && directionOf(said) === direction;
  });
}
function hasCompany({ place, arrangement, companion }: Scene): boolean {
  return place !== "containers" || arrangement !== "alone" || companion !== "nothing";
}

/** What both sides make of a scene's image in the base. */
function outcomeInBase(
  scene: Scene,
  base: Base,
  judged: ReadonlyMap<string, JudgedScene>,
): "admitted" | "refused" | undefined {
  const said = judged.get(keyOf({ ...base.scene, image: scene.image }));
  return said === undefined || directionOf(said) !== undefined ? undefined : said.left.outcome;
}

const imagesOf = new WeakMap<ReadonlyMap<string, JudgedScene>, Map<string, Scene["image"]>>();

function judgedImages(judged: ReadonlyMap<string, JudgedScene>): Map<string, Scene["image"]> {
  let images = imagesOf.get(judged);
  if (images === undefined) {
    images = new Map([...judged.values()].map(({ scene }) => [scene.image.id, scene.image]));
    imagesOf.set(judged, images);
  }
  return images;
}

function constantSides(all: readonly JudgedScene[]): Constant[] {
  // An expression may well fail on what is no image, and do the same with all others.
  const isOdd = ({ scene }: JudgedScene) => scene.image.kind === "invalid" || scene.image.kind === "missing";
  const asked = all.filter((one) => errorOf(one) === undefined || !isOdd(one));
  return (["LEFT", "RIGHT"] as const).flatMap((side) => {
    const outcomes = new Set(asked.map(({ left, right }) => (side === "LEFT" ? left : right).outcome));
    const [outcome] = outcomes;
    return outcomes.size === 1 && outcome !== undefined ? [{ side, outcome }] : [];
  });
}

/** Whether a side that always does one thing is what makes the difference. */
function isBy({ side, outcome }: Constant, { left, right }: JudgedScene): boolean {
  return (side === "LEFT" ? left : right).outcome === outcome;
}
