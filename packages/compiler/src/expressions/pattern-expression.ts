import type { Pattern, RegistryPattern, RepositoryPattern } from "@registry-policy/language";
import { globExpression } from "./literal.js";

/*
 * Patterns as RE2 expressions on a *qualified* reference: a valid one that begins with its registry. A short name has
 * its default registry written out; one on Docker Hub begins with `docker.io/` and has its `library/`; any other is
 * as it was written, so that upper-case letters and ports are read here. What validity guarantees (no empty
 * component, one `@`, …) is not asked again: that keeps the expressions legible.
 */

/** Registry and port: `(?i:registry[.]my[.]com)(?::0*443)?`. */
export function registryExpression(registry: RegistryPattern): string {
  if (registry.kind === "any") return "[^/]+";
  const [first, ...rest] = registry.labels;
  const labels = first === "**" ? rest : registry.labels;
  const subdomains = first === "**" ? "(?:[a-z0-9-]+[.])+" : "";
  const host = labels.map((label) => globExpression(label, "[a-z0-9-]+")).join("[.]");
  return `(?i:${subdomains}${host})${portExpression(registry.port)}`;
}

function portExpression(port: string): string {
  if (port === "default") return "(?::0*443)?";
  if (port === "any") return "(?::[0-9]+)?";
  return `:0*${port}`;
}

export function repositoryExpression(repository: RepositoryPattern): string {
  return repository
    .map((component, index) => {
      const isLast = index === repository.length - 1;
      if (component === "**") return isLast ? "[^:@]+" : "(?:[^/:@]+/)*";
      return globExpression(component, "[^/:@]*") + (isLast ? "" : "/");
    })
    .join("");
}

/** What may follow the repository, to the end; `undefined`: anything. */
export function suffixExpression({ tag, digest }: Pick<Pattern, "tag" | "digest">): string | undefined {
  if (tag === undefined && digest === undefined) return undefined;
  const digestPart = digest === undefined ? "" : `@${globExpression(digest, ".*")}`;
  if (tag === undefined) return `(?::[^@]*)?${digestPart}`;
  const tagPart = `:${globExpression(tag, "[^@]*")}`;
  if (digest !== undefined) return tagPart + digestPart;
  // `latest` that nobody wrote counts, where there is no digest either.
  return matchesLatest(tag) ? `(?:${tagPart}(?:@.*)?)?` : `${tagPart}(?:@.*)?`;
}

/** Whether a tag glob covers the tag of an image that has neither tag nor digest. */
export function matchesLatest(tag: string): boolean {
  return new RegExp(`^${globExpression(tag, ".*")}$`).test("latest");
}

/**
 * A list of patterns as one anchored expression, in which what the patterns share is written once: sorted, so that
 * neither the order nor a duplicate changes it.
 *
 * @returns for instance `^(?:(?i:ghcr[.]io)(?::0*443)?/acme/(?:app|web))(?:[:@].*)?$`.
 */
export function listExpression(patterns: readonly Pattern[]): string {
  const bySuffix = groupBy(patterns, (pattern) => suffixExpression(pattern) ?? anySuffix);
  const alternatives = [...bySuffix].map(([suffix, group]) => nameExpression(group) + suffix);
  return `^${alternation(alternatives)}$`;
}

const anySuffix = "(?:[:@].*)?";

function nameExpression(patterns: readonly Pattern[]): string {
  const byRegistry = groupBy(patterns, (pattern) => registryExpression(pattern.registry));
  return alternation(
    [...byRegistry].map(([registry, group]) => {
      const repositories = group.map((pattern) => repositoryExpression(pattern.repository));
      return `${registry}/${alternation(repositories)}`;
    }),
  );
}

/** Tag globs as one expression on a valid reference: the images that have such a tag, written or implied. */
export function tagsExpression(tags: readonly string[]): string {
  const globs = alternation(tags.map((tag) => globExpression(tag, "[^/:@]*")));
  const tagPart = `:${globs}(?:@.*)?`;
  return `^(?:[^/]+/)*[^/:@]+${tags.some(matchesLatest) ? `(?:${tagPart})?` : tagPart}$`;
}

/** Sorted and without duplicates; in a group, unless there is only one. */
export function alternation(alternatives: readonly string[]): string {
  const sorted = [...new Set(alternatives)].sort();
  return sorted.length === 1 ? (sorted[0] ?? "") : `(?:${sorted.join("|")})`;
}

/** Sorted by their keys. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The patterns of a list, braces written out, in an order of their own and each once. */
export function patternTexts(entries: readonly { readonly patterns: readonly Pattern[] }[]): string[] {
  return [...new Set(entries.flatMap((entry) => entry.patterns.map((pattern) => pattern.text)))].sort();
}
