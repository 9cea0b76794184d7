import type { Review, VerdictKind } from "@registry-policy/language";
import { causeSentence } from "./cause-sentence.js";
import { type Base, findBase } from "./find-base.js";
import { type CauseGroup, dimensionsApart, groupCauses } from "./group-causes.js";
import { imageProbes, outsider } from "./image-probes.js";
import type { OpenSide, SideVerdict } from "./judge-side.js";
import { type Direction, directionOf, errorOf, type JudgedScene, judgeScenes } from "./judged-scenes.js";
import { mineTexts } from "./mined-texts.js";
import { dimensions, keyOf, type ProbedNamespace, plainScene, reviewOf, type Scene } from "./scene.js";
import { asAsked, scenesAround } from "./scenes.js";

/** One cause for which the sides differ, with the smallest request that shows it. */
export interface Difference {
  /** What became of the request on the right: `allowed` where the left refuses it. */
  readonly direction: Direction;
  /** `initContainers are not looked at by LEFT`. */
  readonly cause: string;
  /** What can be pasted: the object, as `kubectl apply` takes it. */
  readonly manifest: object;
  /** The whole request, with what the API server fills in. */
  readonly review: Review;
  readonly left: SideVerdict;
  readonly right: SideVerdict;
}

/** What a comparison found. */
export interface Comparison {
  readonly left: { readonly title: string; readonly judge: string };
  readonly right: { readonly title: string; readonly judge: string };
  /** One for each cause. */
  readonly differences: readonly Difference[];
  /** How much was asked, and of what. */
  readonly asked: {
    readonly requests: number;
    readonly images: number;
    readonly kinds: readonly string[];
    readonly fields: readonly string[];
    readonly operations: readonly string[];
    readonly namespaces: readonly string[];
    readonly users: readonly string[];
    readonly annotations: readonly string[];
  };
}

/** Namespaces that most policies that leave any out leave out. */
const usualNamespaces: readonly ProbedNamespace[] = [
  { name: "default", labels: {} },
  { name: "kube-system", labels: {} },
];

/**
 * Asks both sides about the same requests, and finds the causes for which they differ.
 *
 * @param direction asks only for what became allowed, or refused.
 * @throws HostError if the engine host fails.
 */
export async function compareSides(left: OpenSide, right: OpenSide, direction?: Direction): Promise<Comparison> {
  const sides = [left, right] as const;
  const mined = mineTexts([left.side, right.side]);
  const namespaces = namespacesOf(mined);
  const base = await findBase(sides, mined.stems, namespaces);
  const images = imageProbes(base.stems, base.form);
  const { harmless } = base;
  const violating = String(base.refused?.value ?? outsider);
  const words = { harmless, violating };
  const scenes = scenesAround({
    base: base.scene,
    ...(base.allowed !== undefined && { allowed: base.allowed }),
    ...(base.refused !== undefined && { refused: base.refused }),
    images,
    namespaces,
    users: mined.users,
    annotations: mined.annotations,
  });
  const judged = await judgeScenes(scenes, sides, () => words);

  const differences: Difference[] = [];
  for (const group of groupCauses(base, judged)) {
    const shown = await smallest(group, base, sides, words);
    const { scene } = shown;
    const cause = causeSentence(group, shown, { left: left.side, right: right.side });
    const { direction } = group;
    differences.push({ direction, cause, ...requestOf(scene, words), left: shown.left, right: shown.right });
  }
  differences.push(...enforcementDifference(base, judged, words));
  return {
    left: { title: left.side.title, judge: left.judge },
    right: { title: right.side.title, judge: right.judge },
    differences: differences.filter((one) => direction === undefined || one.direction === direction),
    asked: {
      requests: scenes.length,
      images: images.length,
      kinds: distinct(scenes, ({ kind }) => kind),
      fields: distinct(scenes, ({ place }) => place),
      operations: distinct(scenes, ({ operation }) => operation),
      namespaces: distinct(scenes, ({ namespace }) => namespaceText(namespace)),
      users: distinct(scenes, ({ user }) => user).filter((user) => user !== ""),
      annotations: distinct(scenes, ({ annotation }) => annotation).filter((annotation) => annotation !== ""),
    },
  };
}

function namespacesOf({
  namespaces,
  labels,
}: {
  namespaces: readonly string[];
  labels: readonly ProbedNamespace["labels"][];
}): ProbedNamespace[] {
  const all = [
    ...usualNamespaces,
    ...namespaces.map((name) => ({ name, labels: {} })),
    ...labels.map((labels) => ({ name: "default", labels })),
    ...namespaces.flatMap((name) => labels.map((labels) => ({ name, labels }))),
  ];
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()].slice(0, 40);
}

/** The plainest scene of a group, each of its parts made plain where the sides go on to differ for the same reason. */
async function smallest(
  group: CauseGroup,
  base: Base,
  sides: readonly [OpenSide, OpenSide],
  words: Words,
): Promise<JudgedScene> {
  // What a prefix without its slash admits too would not show that the text is looked for anywhere.
  const before = group.dimensions.length === 0 ? group.scenes.filter(({ scene }) => scene.image.kind === "before") : [];
  const [first] = [...(before.length > 0 ? before : group.scenes)].sort(
    (a, b) => weight(a.scene, base) - weight(b.scene, base),
  );
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
  const isOdd = /[\s]|\/\//.test(text) || typeof scene.image.value !== "string";
  const manifest = JSON.stringify(reviewOf(scene, "", "")).length;
  return apart * 1_000_000 + (isOdd ? 500_000 : 0) + manifest * 100 + text.length;
}

/** Both sides find the violation, and one of them does no more than to say so. */
function enforcementDifference(base: Base, judged: ReadonlyMap<string, JudgedScene>, words: Words): Difference[] {
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

function requestOf(scene: Scene, { harmless, violating }: Words): Pick<Difference, "manifest" | "review"> {
  const review = reviewOf(scene, harmless, violating);
  const manifest = (scene.operation === "DELETE" ? review.request.oldObject : review.request.object) as Manifest;
  const { namespace, ...metadata } = manifest.metadata;
  return { manifest: namespace === "default" ? { ...manifest, metadata } : manifest, review };
}

interface Manifest {
  readonly metadata: { readonly namespace?: string };
}

/** What stands in a request beside the image in question. */
interface Words {
  readonly harmless: string;
  readonly violating: string;
}

/** `cards (zone=payments)` */
function namespaceText({ name, labels }: ProbedNamespace): string {
  const written = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return written.length === 0 ? name : `${name} (${written.join(", ")})`;
}

function distinct<T>(scenes: readonly Scene[], of: (scene: Scene) => T): T[] {
  return [...new Set(scenes.map(of))];
}
