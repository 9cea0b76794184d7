import { type LabelSelector, matchesSelector } from "@registry-policy/language";

type Labels = Readonly<Record<string, string>>;

/**
 * Labels that one selector matches and another does not; `undefined`: there are none. A selector that is absent matches
 * all labels.
 *
 * Exact: what a selector asks of a label it asks of no other, and all values that neither of the two names are alike to
 * both. So each label is tried by itself, with each value that is named, one that is not, and none.
 */
export function selectedAlone(selector: LabelSelector = {}, other: LabelSelector = {}): Labels | undefined {
  const keys = [...new Set([...keysOf(selector), ...keysOf(other)])].sort();
  const choices = keys.map((key) => {
    const values = valuesOf(key, [selector, other]);
    return values.map((value): Labels => (value === undefined ? {} : { [key]: value }));
  });
  const matched = choices.map((labels, index) => labels.filter((one) => matchesKey(selector, keys[index] ?? "", one)));
  // A selector may ask for what no label can be.
  if (matched.some((labels) => labels.length === 0)) return undefined;
  for (const [index, labels] of matched.entries()) {
    const alone = labels.find((one) => !matchesKey(other, keys[index] ?? "", one));
    if (alone === undefined) continue;
    return Object.fromEntries(matched.flatMap(([first = {}], at) => Object.entries(at === index ? alone : first)));
  }
  return undefined;
}

function keysOf({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string[] {
  return [...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)];
}

/** None, the values of a label that selectors name, and one that they do not. The API server sets the label of the name. */
function valuesOf(key: string, selectors: readonly LabelSelector[]): (string | undefined)[] {
  const named = selectors.flatMap(({ matchLabels = {}, matchExpressions = [] }) => [
    ...(Object.hasOwn(matchLabels, key) ? [matchLabels[key] ?? ""] : []),
    ...matchExpressions.flatMap((requirement) => (requirement.key === key ? (requirement.values ?? []) : [])),
  ]);
  let another = "x";
  while (named.includes(another)) another += "x";
  return [...(key === "kubernetes.io/metadata.name" ? [] : [undefined]), ...new Set(named), another];
}

/** Whether labels are what a selector asks of one of them. */
function matchesKey({ matchLabels = {}, matchExpressions = [] }: LabelSelector, key: string, labels: Labels): boolean {
  const own = Object.hasOwn(matchLabels, key) ? { [key]: matchLabels[key] ?? "" } : {};
  const requirements = matchExpressions.filter((requirement) => requirement.key === key);
  return matchesSelector({ matchLabels: own, matchExpressions: requirements }, labels);
}
