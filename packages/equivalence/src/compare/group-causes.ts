import type { Base } from "./find-base.js";
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
  /** The side that failed with an error, and with which. */
  readonly failed?: { readonly side: "LEFT" | "RIGHT"; readonly error: string };
  /** The side that never refuses, or never admits, anything of all that was asked. */
  readonly constant?: { readonly side: "LEFT" | "RIGHT"; readonly outcome: "admitted" | "refused" };
  /** Whether both sides refuse the images in the base. */
  readonly refusedInBase: boolean;
  readonly scenes: readonly JudgedScene[];
}

/** Groups of kinds of images that one mistake explains: a text that is looked for anywhere. */
const merged: Readonly<Record<string, string>> = { after: "boundary", before: "boundary" };

/** The disagreements that nothing nearer the base explains, by their causes. */
export function groupCauses(base: Base, judged: ReadonlyMap<string, JudgedScene>): CauseGroup[] {
  const groups = new Map<string, { group: CauseGroup; scenes: JudgedScene[] }>();
  const all = [...judged.values()];
  const constants = constantSides(all);
  for (const one of all) {
    const direction = directionOf(one);
    if (direction === undefined) continue;
    const failed = errorOf(one);
    const constant = failed === undefined ? constants.find((side) => isBy(side, one)) : undefined;
    let key: string;
    let apart: readonly Dimension[] = [];
    if (failed !== undefined) {
      key = JSON.stringify([direction, failed.side, failed.error.replaceAll(/\d+|"[^"]*"/g, "#")]);
    } else if (constant !== undefined) {
      key = JSON.stringify([direction, constant]);
    } else {
      if (isExplained(one, direction, base, judged)) continue;
      apart = dimensionsApart(one.scene, base.scene);
      key = JSON.stringify([
        direction,
        ...apart.map((dimension) => partOfKey(one.scene, dimension)),
        imageKey(one, base, judged),
      ]);
    }
    const found = groups.get(key);
    if (found !== undefined) {
      found.scenes.push(one);
      continue;
    }
    const scenes = [one];
    const facts = { ...(failed !== undefined && { failed }), ...(constant !== undefined && { constant }) };
    const refusedInBase = outcomeInBase(one.scene, base, judged) !== "admitted";
    groups.set(key, { group: { key, direction, dimensions: apart, ...facts, refusedInBase, scenes }, scenes });
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

function imageKey(one: JudgedScene, base: Base, judged: ReadonlyMap<string, JudgedScene>): string {
  const { image } = one.scene;
  const isOnlyImage = dimensionsApart(one.scene, base.scene).length === 0;
  if (!isOnlyImage) return outcomeInBase(one.scene, base, judged) ?? image.kind;
  const kind = merged[image.kind] ?? image.kind;
  return kind === "below" || kind === "shortest" ? `${kind} ${image.stem}` : kind;
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

type Constant = NonNullable<CauseGroup["constant"]>;

function constantSides(all: readonly JudgedScene[]): Constant[] {
  const asked = all.filter((one) => errorOf(one) === undefined);
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
