import type { Review, VerdictKind } from "@registry-policy/language";
import type { Base } from "./find-base.js";
import type { SideVerdict } from "./judge-side.js";
import { type Direction, directionOf, type JudgedScene, type Words } from "./judged-scenes.js";
import { keyOf, reviewOf, type Scene } from "./scene.js";

/** One cause for which the sides differ, with the smallest request that shows it. */
export interface Difference {
  /** What became of the request on the right: `allowed` where the left refuses it. */
  readonly direction: Direction;
  /** `initContainers are not looked at by LEFT`. */
  readonly cause: string;
  /** What can be pasted: the object, as `kubectl apply` takes it. */
  readonly manifest: object;
  /** Of an update, what is there before it. */
  readonly manifestBefore?: object;
  /** The whole request, with what the API server fills in. */
  readonly review: Review;
  readonly left: SideVerdict;
  readonly right: SideVerdict;
}

/** What is shown of a scene in which the sides differ. */
export function requestOf(
  scene: Scene,
  { harmless, violating }: Words,
): Pick<Difference, "manifest" | "manifestBefore" | "review"> {
  const review = reviewOf(scene, harmless, violating);
  const { operation, subResource, object, oldObject } = review.request;
  const manifest = written(operation === "DELETE" ? oldObject : object);
  // What a sub-resource changes is all that the object before does not have.
  const isReplaced = operation === "UPDATE" && subResource === undefined;
  return { manifest, ...(isReplaced && { manifestBefore: written(oldObject) }), review };
}

/** An object as people write it, to whom `default` is no namespace to name. */
function written(object: unknown): object {
  const manifest = object as Manifest;
  const { namespace, ...metadata } = manifest.metadata;
  return namespace === "default" ? { ...manifest, metadata } : manifest;
}

interface Manifest {
  readonly metadata: { readonly namespace?: string };
}

/** Both sides find the violation, and one of them does no more than to say so. */
export function enforcementDifference(
  base: Base,
  judged: ReadonlyMap<string, JudgedScene>,
  words: Words,
): Difference[] {
  if (base.refused === undefined) return [];
  const said = judged.get(keyOf({ ...base.scene, image: base.refused }));
  if (said === undefined || directionOf(said) !== undefined) return [];
  const { left, right, scene } = said;
  const isWeaker = (one: VerdictKind, other: VerdictKind) => one !== "deny" && one !== "error" && other === "deny";
  const weaker = isWeaker(right.verdict, left.verdict)
    ? "RIGHT"
    : isWeaker(left.verdict, right.verdict)
      ? "LEFT"
      : undefined;
  if (weaker === undefined) return [];
  const { verdict } = weaker === "LEFT" ? left : right;
  const other = weaker === "LEFT" ? "RIGHT" : "LEFT";
  const cause = `${weaker} only ${verdict === "warn" ? "warns about" : "records"} what ${other} refuses`;
  const direction = weaker === "RIGHT" ? "allowed" : "refused";
  return [{ direction, cause, ...requestOf(scene, words), left, right }];
}
