import type { Pattern, PatternEntry } from "@registry-policy/language";
import type { ReferenceNeeds } from "./image-references.js";

/** A list of patterns, as far as it can be looked up, and the patterns that have to be matched. */
export interface NameTable {
  /**
   * What the patterns without wildcards stand for, as candidates of an image have it: `docker.io/library/nginx`,
   * `ghcr.io/acme/` for all that is below, `ghcr.io/acme/app:v1`, `ghcr.io/acme/app@sha256:…`.
   */
  readonly names: readonly string[];
  /** Whether there is a name without tag, digest or slash at the end. */
  readonly hasNames: boolean;
  /** How many components, the registry included, the names of what is below have: `ghcr.io/acme/` has 2. */
  readonly depths: readonly number[];
  readonly hasTags: boolean;
  readonly hasDigests: boolean;
  readonly hasTagsWithDigests: boolean;
  /** The patterns with a wildcard in the middle, for an expression. */
  readonly expressed: readonly Pattern[];
}

/**
 * Tells the patterns that can be looked up by name, at a cost that does not grow with their number, from those that
 * need an expression.
 *
 * @param list `deny`: the names have no port, as a pattern without one covers every port there.
 */
export function nameTable(patterns: readonly Pattern[], list: "allow" | "deny"): NameTable {
  const named = patterns.map((pattern) => ({ pattern, name: nameOf(pattern, list) }));
  const looked = named.filter(({ name }) => name !== undefined);
  const names = [...new Set(looked.map(({ name }) => name ?? ""))].sort();
  const depths = names.filter((name) => name.endsWith("/")).map((name) => name.split("/").length - 1);
  return {
    names,
    depths: [...new Set(depths)].sort((a, b) => a - b),
    hasNames: looked.some(
      ({ pattern: { repository, tag, digest } }) =>
        repository.at(-1) !== "**" && tag === undefined && digest === undefined,
    ),
    hasTags: looked.some(({ pattern: { tag, digest } }) => tag !== undefined && digest === undefined),
    hasDigests: looked.some(({ pattern: { tag, digest } }) => tag === undefined && digest !== undefined),
    hasTagsWithDigests: looked.some(({ pattern: { tag, digest } }) => tag !== undefined && digest !== undefined),
    expressed: named.filter(({ name }) => name === undefined).map(({ pattern }) => pattern),
  };
}

function nameOf({ registry, repository, tag, digest }: Pattern, list: "allow" | "deny"): string | undefined {
  if (registry.kind === "any" || (registry.port === "any") !== (list === "deny")) return undefined;
  const isPrefix = repository.at(-1) === "**";
  const components = isPrefix ? repository.slice(0, -1) : repository;
  const literals = [...registry.labels, ...components, tag ?? "", digest ?? ""];
  if (literals.some((text) => text.includes("*"))) return undefined;
  // Below a prefix every tag is asked for one by one.
  if (isPrefix && (tag !== undefined || digest !== undefined)) return undefined;
  const host = registry.labels.join(".");
  const port = registry.port === "any" || registry.port === "default" ? "" : `:${registry.port}`;
  const name = [`${host}${port}`, ...components].join("/");
  if (isPrefix) return `${name}/`;
  return `${name}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

/** What lookups in these tables need of a reference. */
export function needsOf(tables: readonly NameTable[]): ReferenceNeeds {
  return {
    ports: tables.some((table) => table.names.some((name) => /^(?:[^[/]*|[[][^/]*[\]]):[0-9]+[/]/.test(name))),
    tags: tables.some((table) => table.hasTags),
  };
}

/** The patterns of a list, braces written out. */
export function patternsOf(entries: readonly PatternEntry[]): Pattern[] {
  return entries.flatMap((entry) => entry.patterns);
}
