import { causeSentence } from "./cause-sentence.js";
import { compareOwn } from "./compare-own.js";
import type { ComparedSide } from "./compared-side.js";
import { type Difference, enforcementDifference, requestOf } from "./difference.js";
import { dimensionsApart } from "./explained.js";
import { type Base, findBase } from "./find-base.js";
import { groupCauses } from "./group-causes.js";
import { imageProbes, shortestProbe } from "./image-probes.js";
import type { OpenSide } from "./judge-side.js";
import { type Direction, type JudgedScene, judgeScenes, type Words } from "./judged-scenes.js";
import { mineTexts } from "./mined-texts.js";
import { outsider } from "./probe.js";
import { namespaceText, probedNamespaces } from "./probed-namespaces.js";
import { type Sampling, samplingOf } from "./sampling.js";
import { keyOf, type Scene } from "./scene.js";
import { imageScenes, settingScenes } from "./scenes.js";
import { smallestScene } from "./smallest-scene.js";

/** What a comparison found. */
export interface Comparison {
  readonly left: { readonly title: string; readonly judge: string };
  readonly right: { readonly title: string; readonly judge: string };
  /** What alone was asked for; absent: both directions. */
  readonly direction?: Direction;
  /** One for each cause. */
  readonly differences: readonly Difference[];
  /** Whether the sides differ: what is noted of two policies of ours may not show in what was asked. */
  readonly differ: boolean;
  /** What differs and shows in no request, one sentence each. */
  readonly notes: readonly string[];
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
    readonly names: NamesAsked;
    /** The most things in which a request differs from the plainest, kind, field and the like; absent: any number. */
    readonly thingsApart?: number;
  };
}

/** Words in the texts of the sides that may be names of registries and the like. */
export interface NamesAsked {
  /** How many there are. */
  readonly found: number;
  /** Of how many of them images were made. */
  readonly asked: number;
  /** How many of these mean something to a side. */
  readonly telling: number;
  /** For how many of these images were made for every mistake that people make. */
  readonly inEveryForm: number;
}

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
  const sampling = samplingOf([left.side, right.side]);
  const mined = mineTexts([left.side, right.side], sampling);
  const namespaces = probedNamespaces(mined);
  const base = await findBase(sides, mined.stems, namespaces, sampling);
  const { allowed, refused, harmless } = base;
  const images = imageProbes(base.stems, base.form, harmless, mined);
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
      const cause = causeSentence(group, shown, { left: left.side, right: right.side, harmless });
      const request = requestOf(shown.scene, words);
      await add({ direction: group.direction, cause, ...request, left: shown.left, right: shown.right });
    }
  };
  for (const stage of stagesOf(base, settingScenes(parts), imageScenes(parts, sampling), sampling)) {
    await ask(stage);
  }
  const own = compareOwn(left.side, right.side);
  // Two of our own policies may differ about images that nobody would think of.
  if (differences.length === 0)
    await ask((own?.images ?? []).map((text) => ({ ...base.scene, image: shortestProbe(text) })));
  for (const difference of enforcementDifference(base, judged, words)) await add(difference);
  const isHidden = differences.length === 0 && direction === undefined && own?.isEqual === false;
  const scenes = [...judged.values()].map(({ scene }) => scene);
  return {
    left: { title: left.side.title, judge: left.judge },
    right: { title: right.side.title, judge: right.judge },
    ...(direction !== undefined && { direction }),
    differences,
    notes: [...failurePolicyNotes(left.side, right.side), ...(isHidden ? [hiddenNote] : [])],
    differ: differences.length > 0 || isHidden,
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
      names: {
        found: mined.stemsFound,
        asked: mined.stems.length,
        telling: base.stemsTelling,
        inEveryForm: base.stems.length,
      },
      ...(Number.isFinite(sampling.thingsApart) && { thingsApart: sampling.thingsApart }),
    },
  };
}

const hiddenNote =
  "LEFT and RIGHT differ all the same, in what no request shows that was asked about: `registry-policy diff` says in what";

/** No request shows what becomes of it while an engine is away. */
function failurePolicyNotes(left: ComparedSide, right: ComparedSide): string[] {
  return (["LEFT", "RIGHT"] as const).flatMap((name) => {
    const [one, other] = name === "LEFT" ? [left, right] : [right, left];
    if (one.failurePolicy !== "Ignore" || other.failurePolicy === "Ignore") return [];
    return [`${name} has \`failurePolicy: Ignore\`: while its engine is away, or fails, everything is admitted`];
  });
}

/**
 * First what differs from the base in one thing, a setting or the name of a registry: that is little, and most causes show
 * in it. Then the other settings: what two images show in them no other image changes, as long as either side is known to
 * admit and to refuse. Otherwise a side may do the same with everything, which only all scenes tell.
 */
function stagesOf(
  { scene, allowed, refused }: Base,
  settings: readonly Scene[],
  images: readonly Scene[],
  { thingsApart }: Sampling,
): Scene[][] {
  const upTo = (most: number) => settings.filter((setting) => dimensionsApart(setting, scene).length <= most);
  const isAgreed = allowed !== undefined && refused !== undefined;
  if (!isAgreed) return [[...images, ...upTo(thingsApart)]];
  const plainest = images.filter((one) => one.image.kind === "below" && dimensionsApart(one, scene).length === 0);
  return [[...upTo(1), ...plainest], upTo(thingsApart), [...images]];
}

function distinct<T>(scenes: readonly Scene[], of: (scene: Scene) => T): T[] {
  return [...new Set(scenes.map(of))];
}
