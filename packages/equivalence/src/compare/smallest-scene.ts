import { dimensionsApart } from "./explained.js";
import type { Base } from "./find-base.js";
import type { CauseGroup } from "./group-causes.js";
import type { OpenSide } from "./judge-side.js";
import { directionOf, errorOf, type JudgedScene, judgeScenes, type Words } from "./judged-scenes.js";
import type { ProbeKind } from "./probe.js";
import { dimensions, keyOf, plainScene, reviewOf, type Scene } from "./scene.js";
import { asAsked } from "./scenes.js";

/** The plainest scene of a group, each of its parts made plain where the sides go on to differ for the same reason. */
export async function smallestScene(
  group: CauseGroup,
  base: Base,
  sides: readonly [OpenSide, OpenSide],
  words: Words,
): Promise<JudgedScene> {
  const [first] = [...tellingScenes(group)].sort((a, b) => weight(a.scene, base) - weight(b.scene, base));
  if (first === undefined) throw new Error("a cause without a scene");
  let best = first;
  for (const dimension of dimensions) {
    const plain = plainScene(best.scene.image);
    if (group.dimensions.includes(dimension)) continue;
    const scene = asAsked({ ...best.scene, [dimension]: plain[dimension] });
    if (keyOf(scene) === keyOf(best.scene)) continue;
    const judged = (await judgeScenes([scene], sides, () => words)).get(keyOf(scene));
    if (judged !== undefined && isSame(judged, best)) best = judged;
  }
  return best;
}

/** Of a group those in which its cause shows best. */
function tellingScenes({ dimensions, isOfImage, constant, scenes }: CauseGroup): readonly JudgedScene[] {
  const ofKind = (kind: ProbeKind) => scenes.filter(({ scene }) => scene.image.kind === kind);
  // What a prefix without its slash admits too would not show that the text is looked for anywhere; and what some mistake
  // allows would not show that no image is looked at.
  const isByImage = constant === undefined && (isOfImage || dimensions.length === 0);
  const best = ofKind(isByImage ? "before" : "outside");
  return best.length > 0 ? best : scenes;
}

function isSame(one: JudgedScene, other: JudgedScene): boolean {
  return (
    directionOf(one) === directionOf(other) &&
    errorOf(one)?.error === errorOf(other)?.error &&
    one.left.verdict === other.left.verdict &&
    one.right.verdict === other.right.verdict
  );
}

/** Few parts that are not plain come before short texts, a text of an ordinary form before one that is odd. */
function weight(scene: Scene, base: Base): number {
  const plain = plainScene(scene.image);
  const apart = dimensionsApart(scene, plain).length + dimensionsApart(scene, base.scene).length;
  const text = typeof scene.image.value === "string" ? scene.image.value : "";
  const isOdd = text === "" || /\s|\/\//.test(text);
  const manifest = JSON.stringify(reviewOf(scene, "", "")).length;
  return apart * 1_000_000 + (isOdd ? 500_000 : 0) + manifest * 100 + text.length;
}
