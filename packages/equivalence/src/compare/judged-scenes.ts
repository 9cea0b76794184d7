import type { OpenSide, SideVerdict } from "./judge-side.js";
import { keyOf, reviewOf, type Scene } from "./scene.js";

/** A scene, and what the two sides make of it. */
export interface JudgedScene {
  readonly scene: Scene;
  readonly left: SideVerdict;
  readonly right: SideVerdict;
}

/** What is the other way round on the right: it became allowed, or it became refused. */
export type Direction = "allowed" | "refused";

/** Which way the sides differ; `undefined`: they do not. */
export function directionOf({ left, right }: JudgedScene): Direction | undefined {
  if (left.outcome === right.outcome) return undefined;
  return right.outcome === "admitted" ? "allowed" : "refused";
}

/** The error by which one side came to differ from the other, if it did. */
export function errorOf({ left, right }: JudgedScene): { side: "LEFT" | "RIGHT"; error: string } | undefined {
  if (right.error !== undefined) return { side: "RIGHT", error: right.error };
  if (left.error !== undefined) return { side: "LEFT", error: left.error };
  return undefined;
}

/** What stands in a request beside the image in question. */
export interface Words {
  readonly harmless: string;
  readonly violating: string;
}

/** Judges scenes on both sides, each request once. */
export async function judgeScenes(
  scenes: readonly Scene[],
  [left, right]: readonly [OpenSide, OpenSide],
  imagesOf: (scene: Scene) => Words,
): Promise<Map<string, JudgedScene>> {
  const reviews = scenes.map((scene) => {
    const { harmless, violating } = imagesOf(scene);
    return reviewOf(scene, harmless, violating);
  });
  const [ofLeft, ofRight] = await Promise.all([left.ask(reviews), right.ask(reviews)]);
  const judged = new Map<string, JudgedScene>();
  for (const [index, scene] of scenes.entries()) {
    const [one, other] = [ofLeft[index], ofRight[index]];
    if (one === undefined || other === undefined) throw new Error(`request ${index} was not judged`);
    judged.set(keyOf(scene), { scene, left: one, right: other });
  }
  return judged;
}
