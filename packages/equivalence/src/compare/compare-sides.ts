import type { Review, VerdictKind } from "@registry-policy/language";
import { causeSentence } from "./cause-sentence.js";
import { compareOwn } from "./compare-own.js";
import { type Base, findBase } from "./find-base.js";
import { groupCauses } from "./group-causes.js";
import { imageProbes, outsider, shortestProbe } from "./image-probes.js";
import type { OpenSide, SideVerdict } from "./judge-side.js";
import { type Direction, directionOf, type JudgedScene, judgeScenes, type Words } from "./judged-scenes.js";
import { mineTexts } from "./mined-texts.js";
import { keyOf, type ProbedNamespace, reviewOf, type Scene } from "./scene.js";
import { imageScenes, settingScenes } from "./scenes.js";
import { smallestScene } from "./smallest-scene.js";

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

/** What a comparison found. */
export interface Comparison {
  readonly left: { readonly title: string; readonly judge: string };
  readonly right: { readonly title: string; readonly judge: string };
  /** One for each cause. */
  readonly differences: readonly Difference[];
  /** Whether the sides were shown to be equal on every request, and not only on those that were asked about. */
  readonly isProof: boolean;
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
 * @param tell is given each difference as soon as it is found, in the order of the result.
 * @throws HostError if the engine host fails.
 */
export async function compareSides(
  left: OpenSide,
  right: OpenSide,
  direction?: Direction,
  tell: (difference: Difference) => Promise<void> = async () => {},
): Promise<Comparison> {
  const sides = [left, right] as const;
  const mined = mineTexts([left.side, right.side]);
  const namespaces = namespacesOf(mined);
  const base = await findBase(sides, mined.stems, namespaces);
  const { allowed, refused, harmless } = base;
  const images = imageProbes(base.stems, base.form);
  const words: Words = { harmless, violating: String(refused?.value ?? outsider) };
  const { users, annotations } = mined;
  const agreed = { ...(allowed !== undefined && { allowed }), ...(refused !== undefined && { refused }) };
  const parts = { base: base.scene, ...agreed, images, namespaces, users, annotations };

  let judged: ReadonlyMap<string, JudgedScene> = new Map();
  const differences: Difference[] = [];
  const add = async (difference: Difference) => {
    if (direction !== undefined && difference.direction !== direction) return;
    differences.push(difference);
    await tell(difference);
  };
  const known = new Set<string>();
  const ask = async (stage: readonly Scene[]) => {
    const scenes = stage.filter((scene) => !judged.has(keyOf(scene)));
    judged = new Map([...judged, ...(await judgeScenes(scenes, sides, () => words))]);
    for (const group of groupCauses(base, judged)) {
      if (known.has(group.key)) continue;
      known.add(group.key);
      const shown = await smallestScene(group, base, sides, words);
      const cause = causeSentence(group, shown, { left: left.side, right: right.side });
      const request = requestOf(shown.scene, words);
      await add({ direction: group.direction, cause, ...request, left: shown.left, right: shown.right });
    }
  };
  for (const stage of stagesOf(base, settingScenes(parts), imageScenes(parts))) await ask(stage);
  const own = compareOwn(left.side, right.side);
  // Two of our own policies may differ about images that nobody would think of.
  if (known.size === 0) await ask((own?.images ?? []).map((text) => ({ ...base.scene, image: shortestProbe(text) })));
  for (const difference of enforcementDifference(base, judged, words)) await add(difference);
  const scenes = [...judged.values()].map(({ scene }) => scene);
  return {
    left: { title: left.side.title, judge: left.judge },
    right: { title: right.side.title, judge: right.judge },
    differences,
    isProof: differences.length === 0 && own?.isEqual === true,
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

/**
 * Settings first, which are few: what two images show in them no other image changes, as long as either side is known to
 * admit and to refuse. Otherwise a side may do the same with everything, which only all scenes tell.
 */
function stagesOf({ allowed, refused }: Base, settings: readonly Scene[], images: readonly Scene[]): Scene[][] {
  const isAgreed = allowed !== undefined && refused !== undefined;
  return isAgreed ? [[...settings], [...images]] : [[...images, ...settings]];
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

function requestOf(
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

/** `cards (zone=payments)` */
function namespaceText({ name, labels }: ProbedNamespace): string {
  const written = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return written.length === 0 ? name : `${name} (${written.join(", ")})`;
}

function distinct<T>(scenes: readonly Scene[], of: (scene: Scene) => T): T[] {
  return [...new Set(scenes.map(of))];
}
