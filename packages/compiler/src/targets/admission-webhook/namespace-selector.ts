import type { LabelRequirement, LabelSelector, Match } from "@registry-policy/language";

const nameLabel = "kubernetes.io/metadata.name";

/**
 * The namespaces about which the API server asks: not the server's own; those of the policy's selector, whose labels the
 * server is not told; and of its lists what a selector can say. What it cannot, a `*`, the server looks at itself.
 */
export function namespaceSelectorOf({ namespaces, excludeNamespaces, namespaceSelector }: Match): LabelSelector {
  const isExact = (name: string) => !name.includes("*");
  const excluded = [...new Set(["registry-policy", ...excludeNamespaces.filter(isExact)])];
  const isIn: LabelRequirement[] =
    namespaces.length > 0 && namespaces.every(isExact) ? [{ key: nameLabel, operator: "In", values: namespaces }] : [];
  return {
    ...(namespaceSelector?.matchLabels !== undefined && { matchLabels: namespaceSelector.matchLabels }),
    matchExpressions: [
      { key: nameLabel, operator: "NotIn", values: excluded },
      ...isIn,
      ...(namespaceSelector?.matchExpressions ?? []),
    ],
  };
}
