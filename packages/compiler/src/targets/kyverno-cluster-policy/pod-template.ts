import { type Kind, kinds } from "@registry-policy/language";

/**
 * JMESPath on the object under review for its pod template: the object whose metadata and spec are the pod's own.
 * Which field holds it is a matter of the kind, whatever other fields the object has. The last alternative asks for
 * no kind by name, as a rule is asked about the policy's kinds alone.
 */
export function podTemplate(policyKinds: readonly Kind[]): string {
  const byPath = new Map<string, Kind[]>();
  for (const kind of policyKinds) {
    const path = kinds[kind].podTemplate.join(".") || "@";
    byPath.set(path, [...(byPath.get(path) ?? []), kind]);
  }
  // The path of most kinds comes last: it is what is left once the others have been asked for by name.
  const paths = [...byPath].sort(([, some], [, others]) => some.length - others.length);
  const last = paths.pop();
  if (last === undefined) throw new RangeError("a policy has at least one kind");
  if (paths.length === 0) return last[0];
  // In a list of its own, what a path leads to is never false, so that no other alternative follows it.
  const alternatives = paths.map(([path, names]) => {
    const isKind = names.map((name) => `kind == '${name}'`).join(" || ");
    return `${names.length > 1 ? `(${isKind})` : isKind} && [${path}]`;
  });
  return `(${[...alternatives, `[${last[0]}]`].join(" || ")})[0]`;
}
