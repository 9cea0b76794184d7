import type { MinedTexts } from "./mined-texts.js";
import type { ProbedNamespace } from "./scene.js";

/** Namespaces that most policies that leave any out leave out. */
const usualNamespaces: readonly ProbedNamespace[] = [
  { name: "default", labels: {} },
  { name: "kube-system", labels: {} },
];

/** The namespaces to ask for: those that are usual, and those that the sides speak of, with every set of labels. */
export function probedNamespaces({
  namespaces,
  ownNamespaces,
  labels,
}: Pick<MinedTexts, "namespaces" | "ownNamespaces" | "labels">): ProbedNamespace[] {
  const all = [
    ...usualNamespaces,
    ...ownNamespaces,
    ...namespaces.map((name) => ({ name, labels: {} })),
    ...labels.map((labels) => ({ name: "default", labels })),
    ...namespaces.flatMap((name) => labels.map((labels) => ({ name, labels }))),
  ];
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()].slice(0, 40);
}

/** `cards (zone=payments)` */
export function namespaceText({ name, labels }: ProbedNamespace): string {
  const written = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return written.length === 0 ? name : `${name} (${written.join(", ")})`;
}
