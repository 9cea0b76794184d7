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
  // A Pod comes first: it is never false, so that no other alternative has to be kept from it.
  const paths = [...byPath].sort(([a, some], [b, others]) => rank(a, some) - rank(b, others));
  const [last, ...before] = paths.reverse();
  if (last === undefined) throw new RangeError("a policy has at least one kind");
  const others = before.reverse();
  if (others.length === 0) return last[0];
  const alternatives = others.map(([path, names]) => {
    const isKind = names.map((name) => `kind == '${name}'`).join(" || ");
    return `${names.length > 1 ? `(${isKind})` : isKind} && ${path}`;
  });
  const kept = others.filter(([path]) => path !== "@").flatMap(([, names]) => names);
  const isLast = kept.map((name) => `kind != '${name}' && `).join("");
  return `(${[...alternatives, isLast + last[0]].join(" || ")})`;
}

/** The more kinds have a path, the later it comes. */
function rank(path: string, names: readonly Kind[]): number {
  return path === "@" ? 0 : names.length;
}
