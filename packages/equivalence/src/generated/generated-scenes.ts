import type { Policy } from "@registry-policy/language";
import { type AskedScene, dimensions, places } from "../compare/scene.js";
import { coveringRows } from "./covering-rows.js";
import { type Combination, inCombinations, isCombinable } from "./in-combinations.js";
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

  const shown: AskedScene[][] = classes.map(() => []);
  const scenes = rows.map((row): AskedScene => {
    const at = row.at(-1) ?? 0;
    const [group = [], own = []] = [classes[at], shown[at]];
    const scene = { ...settingOf(row), image: { value: group[own.length % group.length] } };
    if (isJudged(row)) own.push(scene);
    return scene;
  });
  const judged = rows.filter(isJudged).map(settingOf);
  if (judged.length === 0) return { scenes, alike: [] };

  let turn = 0;
  const nextSettings = (): readonly Setting[] => {
    const setting = judged[turn++ % judged.length] as Setting;
    return inEveryField ? places.map((place) => ({ ...setting, place })) : [setting];
  };
  const others = classes.map((group, at) => {
    const own = shown[at] ?? [];
    if (inEveryField) return otherScenes(policy, group, [], nextSettings);
    // Half of the requests of a reason keep their one image: they show the verdict on it without any other.
    return otherScenes(policy, group.slice(own.length), own.slice(Math.ceil(own.length / 2)), nextSettings);
  });
  return { scenes: [...scenes, ...others.flatMap(({ added }) => added)], alike: others.flatMap(({ alike }) => alike) };
}

/**
 * Scenes of images, of one reason, that are in none yet: together with that of a host, which has one image of that
 * reason, or of their own.
 *
 * @param nextSettings where the next list of images is asked about that finds no host.
 */
function otherScenes(
  policy: Policy,
  images: readonly unknown[],
  hosts: readonly AskedScene[],
  nextSettings: () => readonly Setting[],
): { readonly added: readonly AskedScene[]; readonly alike: readonly (readonly AskedScene[])[] } {
  const isOneOfMany = (image: unknown) => isCombinable(policy, image);
  const joinable = hosts.filter(({ image }) => isOneOfMany(image.value));
  const together = inCombinations(policy, images.filter(isOneOfMany), joinable);
  const alone: Combination[] = images.filter((image) => !isOneOfMany(image)).map((image) => ({ images: [image] }));
  const groups = [...together, ...alone].flatMap(({ images, host }) => {
    const settings = host === undefined ? nextSettings() : [host];
    return settings.map((setting) => ({ host, of: images.map((value) => ({ ...setting, image: { value } })) }));
  });
  const alike = groups.map(({ host, of }) => (host === undefined ? of : [host, ...of]));
  return { added: groups.flatMap(({ of }) => of), alike: alike.filter((group) => group.length > 1) };
}

/** The images, apart by the reason for which they are refused, those first that no request can ask about with others. */
function byReason(policy: Policy, images: readonly unknown[]): (readonly unknown[])[] {
  const groups = new Map<string, unknown[]>();
  for (const image of images) {
    const reason = reasonOf(policy, image);
    const group = groups.get(reason);
    if (group === undefined) groups.set(reason, [image]);
    else group.push(image);
  }
  return [...groups.values()].map((group) => [
    ...group.filter((image) => !isCombinable(policy, image)),
    ...group.filter((image) => isCombinable(policy, image)),
  ]);
}
