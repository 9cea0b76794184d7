import {
  dimensionsApart,
  isAgreedOfOthers,
  isExplained,
  type Judged,
  judgedImages,
  outcomeInBase,
} from "./explained.js";
import type { Base } from "./find-base.js";
import { type Direction, directionOf, errorOf, type JudgedScene } from "./judged-scenes.js";
import { outsider } from "./probe.js";
import { type Dimension, keyOf, type Scene } from "./scene.js";

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
export function groupCauses(base: Base, judged: Judged): CauseGroup[] {
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

/** Of these, all that are left out are left out for one cause. */
const listed: ReadonlySet<Dimension> = new Set(["kind", "namespace", "user", "annotation"]);

function partOfKey(scene: Scene, dimension: Dimension): string {
  if (listed.has(dimension)) return dimension;
  if (dimension === "arrangement" && scene.arrangement !== "under a name used twice") return dimension;
  return `${dimension}=${JSON.stringify(scene[dimension])}`;
}

function imageKey(one: JudgedScene, isByImage: boolean, base: Base, judged: Judged): string {
  const { image } = one.scene;
  if (!isByImage) return outcomeInBase(one.scene, base, judged) ?? "disputed";
  // That images of two registries may not stand beside each other is one cause, whichever they are.
  if (isBesideAnother(one.scene, base, judged)) return "beside another";
  const kind = merged[image.kind] ?? image.kind;
  return kind === "below" || kind === "shortest" ? `${kind} ${image.stem}` : kind;
}

/** Whether both sides admit an image that has a tag, and refuse it where it has none. */
function isTagAskedFor({ scene }: Base, judged: Judged): boolean {
  const [tagged, untagged] = [`${outsider}:1.2.3`, outsider].map((id) => {
    const image = judgedImages(judged).get(id);
    return image === undefined ? undefined : judged.get(keyOf({ ...scene, image }));
  });
  const isBy = (said: JudgedScene | undefined, outcome: "admitted" | "refused") =>
    said !== undefined && said.left.outcome === outcome && said.right.outcome === outcome;
  return isBy(tagged, "admitted") && isBy(untagged, "refused");
}

/** Whether nothing is wrong with an image but that another one stands beside it. */
function isBesideAnother(scene: Scene, base: Base, judged: Judged): boolean {
  const isSecond = dimensionsApart(scene, base.scene).join() === "arrangement";
  return isSecond && outcomeInBase(scene, base, judged) === "admitted";
}

/** An error without what differs from one image to the next: an engine may say what is wrong with each. */
function errorKey(error: string, { image }: Scene): string {
  if (image.kind === "invalid" || image.kind === "missing") return image.kind;
  const text = typeof image.value === "string" ? error.replaceAll(image.value, "#") : error;
  return text.replaceAll(/\d+|"[^"]*"|'[^']*'|`[^`]*`/g, "#");
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
