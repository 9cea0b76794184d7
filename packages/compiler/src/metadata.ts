import type { Policy } from "@registry-policy/language";

/** The keys under which an engine's own users look for what a policy says of itself. */
export interface AnnotationKeys {
  readonly title: string;
  readonly description: string;
  readonly category: string;
  readonly severity: string;
}

/**
 * The metadata of a resource made of a policy: its name, the policy's own labels and annotations, and its texts under
 * the engine's keys. An annotation that the policy sets under such a key itself
 * stands; one of `extra`, on which the verdict depends, takes the place of the policy's.
 */
export function metadataOf(policy: Policy, keys: AnnotationKeys, extra: Readonly<Record<string, string>> = {}): object {
  const texts = (["title", "category", "severity", "description"] as const).flatMap((field) => {
    const text = policy[field];
    return text === undefined ? [] : [[keys[field], text] as const];
  });
  const annotations = { ...Object.fromEntries(texts), ...policy.annotations, ...extra };
  return {
    name: policy.name,
    ...(Object.keys(policy.labels).length > 0 && { labels: policy.labels }),
    ...(Object.keys(annotations).length > 0 && { annotations }),
  };
}
