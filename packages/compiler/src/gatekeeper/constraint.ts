import { kindNames, kinds, type PatternEntry, type Policy } from "@registry-policy/language";
import { patternTexts, tagsExpression } from "../expressions/pattern-expression.js";

/** What Gatekeeper's own library calls a constraint's title and description; the others are ours, for people. */
export const annotationKeys = {
  title: "metadata.gatekeeper.sh/title",
  description: "description",
  category: "registry-policy.dev/category",
  severity: "registry-policy.dev/severity",
};

/** The path of a policy's constraint, in either language. */
export function constraintFileOf({ name }: Policy): string {
  return `${name}.constraint.yaml`;
}

/** Kinds, namespaces and the namespace selector: what Gatekeeper itself asks of a request, in either language. */
export function constraintMatch({ match }: Policy): object {
  const groups = [...new Set(kindNames.map((kind) => kinds[kind].group))];
  return {
    kinds: groups
      .map((group) => ({ apiGroups: [group], kinds: match.kinds.filter((kind) => kinds[kind].group === group) }))
      .filter((rule) => rule.kinds.length > 0),
    ...(match.namespaces.length > 0 && { namespaces: match.namespaces }),
    ...(match.excludeNamespaces.length > 0 && { excludedNamespaces: match.excludeNamespaces }),
    ...(match.namespaceSelector !== undefined && { namespaceSelector: match.namespaceSelector }),
  };
}

/**
 * The parameters of a constraint: all that differs between policies. They are the same in either language but for how a
 * list is matched and what is said of its reasons.
 *
 * @param list how the entries of a list are matched.
 * @param reasons what is said where an entry of the deny list with a reason denies.
 */
export function constraintParameters(
  { images, exempt }: Policy,
  list: (entries: readonly PatternEntry[], name: "allow" | "deny") => object,
  reasons: readonly object[],
): object {
  const require = {
    ...(images.require.explicitRegistry && { registry: true }),
    ...(images.require.explicitTag && { tag: true }),
    ...(images.require.digest && { digest: true }),
  };
  const exemptions = {
    ...(exempt.users.length > 0 && { users: exempt.users }),
    ...(exempt.groups.length > 0 && { groups: exempt.groups }),
    ...(exempt.breakGlass && {
      breakGlass: { annotation: exempt.breakGlass.annotation, value: exempt.breakGlass.value ?? "*" },
    }),
  };
  const tags = images.denyTags.map((tag) => tag.text);
  return {
    defaultRegistry: images.defaultRegistry,
    ...(images.allow && { allow: { patterns: linesOf(images.allow), ...list(images.allow, "allow") } }),
    ...(images.deny.length > 0 && {
      deny: {
        patterns: linesOf(images.deny),
        ...list(images.deny, "deny"),
        ...(reasons.length > 0 && { reasons }),
      },
    }),
    ...(tags.length > 0 && { denyTags: { patterns: lines(tags), expression: tagsExpression(tags) } }),
    ...(Object.keys(require).length > 0 && { require }),
    ...(Object.keys(exemptions).length > 0 && { exempt: exemptions }),
  };
}

/** The patterns of a list for people: in one text, as Gatekeeper's Rego pays for each value of the parameters. */
function linesOf(entries: readonly PatternEntry[]): string {
  return lines(patternTexts(entries));
}

function lines(texts: readonly string[]): string {
  return [...new Set(texts)].sort().join("\n");
}
