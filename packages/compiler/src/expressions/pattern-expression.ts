import type { Pattern, RegistryPattern, RepositoryPattern } from "@registry-policy/language";
import { alternation, groupBy } from "./alternation.js";
import { hostsExpression } from "./hosts-expression.js";
import { globExpression, literal } from "./literal.js";

/*
 * Patterns as RE2 expressions on a *qualified* reference: a valid one that begins with its registry. A short name has
 * its default registry written out; one on Docker Hub begins with `docker.io/` and has its `library/`; any other is
 * as it was written, so that upper-case letters and ports are read here. What validity guarantees (no empty
 * component, one `@`, …) is not asked again: that keeps the expressions legible.
 */

/** The host of a registry, in any case. */
function hostExpression(registry: RegistryPattern): string {
  if (registry.kind === "any") return "[^/]+";
  const [first, ...rest] = registry.labels;
  const labels = first === "**" ? rest : registry.labels;
  const subdomains = first === "**" ? "(?:[a-z0-9-]+[.])+" : "";
  return `(?i:${subdomains}${labels.map((label) => globExpression(label, "[a-z0-9-]+")).join("[.]")})`;
}

function portExpression(registry: RegistryPattern): string {
  if (registry.kind === "any") return "";
  if (registry.port === "default") return "(?::0*443)?";
  return registry.port === "any" ? "(?::[0-9]+)?" : `:0*${registry.port}`;
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
 * @returns for instance `^(?i:(?:ghcr|quay)[.]io)(?::0*443)?/acme/(?:app|web)(?:[:@].*)?$`.
 */
export function listExpression(patterns: readonly Pattern[]): string {
  const bySuffix = groupBy(patterns, (pattern) => suffixExpression(pattern) ?? anySuffix);
  const alternatives = [...bySuffix].map(([suffix, group]) => nameExpression(group) + suffix);
  return `^${alternation(alternatives)}$`;
}

const anySuffix = "(?:[:@].*)?";

function nameExpression(patterns: readonly Pattern[]): string {
  const byRegistry = groupBy(patterns, ({ registry }) => hostExpression(registry) + portExpression(registry));
  const registries = [...byRegistry.values()].flatMap((group) => {
    const repositories = alternation(group.map((pattern) => repositoryExpression(pattern.repository)));
    return group.slice(0, 1).map(({ registry }) => ({ registry, rest: `${portExpression(registry)}/${repositories}` }));
  });
  return alternation(
    [...groupBy(registries, ({ rest }) => rest)].flatMap(([rest, group]) =>
      hostExpressions(group.map(({ registry }) => registry)).map((host) => host + rest),
    ),
  );
}

/** Hosts that have all else in common: those without a wildcard as one. */
function hostExpressions(registries: readonly RegistryPattern[]): string[] {
  const names = registries.flatMap((registry) => hostName(registry) ?? []);
  const others = registries.filter((registry) => hostName(registry) === undefined).map(hostExpression);
  return names.length === 0 ? others : [`(?i:${hostsExpression(names, literal)})`, ...others];
}

function hostName(registry: RegistryPattern): string | undefined {
  const host = registry.kind === "any" ? "*" : registry.labels.join(".");
  return host.includes("*") ? undefined : host;
}

/** Tag globs as one expression on a valid reference: the images that have such a tag, written or implied. */
export function tagsExpression(tags: readonly string[]): string {
  const globs = alternation(tags.map((tag) => globExpression(tag, "[^/:@]*")));
  const tagPart = `:${globs}(?:@.*)?`;
  return `^(?:[^/]+/)*[^/:@]+${tags.some(matchesLatest) ? `(?:${tagPart})?` : tagPart}$`;
}

/** The patterns of a list, braces written out, in an order of their own and each once. */
export function patternTexts(entries: readonly { readonly patterns: readonly Pattern[] }[]): string[] {
  return [...new Set(entries.flatMap((entry) => entry.patterns.map((pattern) => pattern.text)))].sort();
}
