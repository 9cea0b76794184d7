import type { Policy } from "@registry-policy/language";
import { type AskedScene, dimensions, places } from "../compare/scene.js";
import { coveringRows } from "./covering-rows.js";
import { inCombinations } from "./in-combinations.js";
import { reasonOf } from "./probed-images.js";
import { possiblePairs, type Setting, settingValues } from "./setting-values.js";

export interface GeneratedScenes {
  readonly scenes: readonly AskedScene[];
  /** Scenes that have everything in common but the image: one request can ask about all of theirs. */
  readonly alike: readonly (readonly AskedScene[])[];
}

/**
 * The requests that probe a policy: each pair of values of two parts is in one, an image standing for those that are
 * refused for the same reason; and each image is in one that is judged.
 *
 * @param images what stands in the field.
 * @param inEveryField whether each image is also in each field.
 */
export function generatedScenes(policy: Policy, images: readonly unknown[], inEveryField: boolean): GeneratedScenes {
  const settings = settingValues(policy);
  const classes = byReason(policy, images);
  const factors = [...settings, { inside: classes, outside: [] }];
  const rows = coveringRows(
    factors.map(({ inside, outside }) => ({ inside: inside.length, outside: outside.length })),
    possiblePairs(settings),
  );
  const settingOf = (row: readonly number[]) =>
    Object.fromEntries(
      settings.map(({ inside, outside }, part) => [dimensions[part], [...inside, ...outside][row[part] ?? 0]]),
    ) as unknown as Setting;
  const isJudged = (row: readonly number[]) =>
    row.every((value, factor) => value < (factors[factor]?.inside.length ?? 0));

  const judged = rows.filter(isJudged);
  const turns = classes.map(() => 0);
  const take = (at: number, isShown: boolean) => {
    const group = classes[at] ?? [];
    const turn = turns[at] ?? 0;
    if (isShown) turns[at] = turn + 1;
    return { value: group[turn % group.length] };
  };
  const scenes = rows.map((row) => ({ ...settingOf(row), image: take(row.at(-1) ?? 0, isJudged(row)) }));
  const left = classes.map((group, at) => (inEveryField ? group : group.slice(turns[at] ?? 0)));
  const combinations = left.flatMap((group) => inCombinations(policy, group));
  const added = combinations.flatMap((values, index) => {
    const like = judged[index % judged.length];
    if (like === undefined) return [];
    const setting = settingOf(like);
    const alone: Setting = values.length > 1 ? { ...setting, arrangement: "alone" } : setting;
    const settings = inEveryField ? places.map((place) => ({ ...alone, place })) : [alone];
    return settings.map((one) => values.map((value) => ({ ...one, image: { value } })));
  });
  return { scenes: [...scenes, ...added.flat()], alike: added.filter((group) => group.length > 1) };
}

/** The images, apart by the reason for which they are refused. */
function byReason(policy: Policy, images: readonly unknown[]): (readonly unknown[])[] {
  const groups = new Map<string, unknown[]>();
  for (const image of images) {
    const reason = reasonOf(policy, image);
    const group = groups.get(reason);
    if (group === undefined) groups.set(reason, [image]);
    else group.push(image);
  }
  return [...groups.values()];
}
