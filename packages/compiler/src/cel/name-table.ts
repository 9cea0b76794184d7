import type { Pattern, PatternEntry } from "@registry-policy/language";
import { groupBy } from "../expressions/alternation.js";
import type { ReferenceNeeds } from "./image-references.js";

/**
 * What a name stands for: all that is below so many components, the registry included, or one repository, with any tag
 * and digest or with those that the name has.
 */
export type NameForm = { readonly below: number } | "repository" | "tag" | "digest" | "tag-and-digest";

/** The names of one form, sorted. */
export interface NameGroup {
  readonly form: NameForm;
  /** `docker.io/library/nginx`, `ghcr.io/acme/` for all that is below, `ghcr.io/acme/app:v1`, `ghcr.io/acme/app@sha256:…`. */
  readonly names: readonly string[];
}

/** A list of patterns, as far as it can be looked up, and the patterns that have to be matched. */
export interface NameTable {
  /** What the patterns without wildcards stand for. */
  readonly groups: readonly NameGroup[];
  /** The patterns with a wildcard in the middle, for an expression. */
  readonly expressed: readonly Pattern[];
}

/**
 * Tells the patterns that can be looked up by name, at a cost that does not grow with their number, from those that
 * need an expression.
 *
 * @param list `deny`: the names have no port, as a pattern without one covers every port there.
 * @param deepestFolder how many components may come before what is below them: a deeper pattern needs an expression.
 */
export function nameTable(
  patterns: readonly Pattern[],
  list: "allow" | "deny",
  deepestFolder = Number.POSITIVE_INFINITY,
): NameTable {
  const named = patterns.map((pattern) => {
    const form = formOf(pattern);
    const isTooDeep = typeof form === "object" && form.below > deepestFolder;
    return { pattern, name: isTooDeep ? undefined : nameOf(pattern, list) };
  });
  const looked = named.flatMap(({ pattern, name }) => (name === undefined ? [] : [{ name, form: formOf(pattern) }]));
  return {
    groups: [...groupBy(looked, ({ form }) => orderOf(form)).values()].map((group) => ({
      form: group[0]?.form ?? "repository",
      names: [...new Set(group.map(({ name }) => name))].sort(),
    })),
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

function formOf({ repository, tag, digest }: Pattern): NameForm {
  // The registry takes the place of the `**`.
  if (repository.at(-1) === "**") return { below: repository.length };
  if (tag === undefined) return digest === undefined ? "repository" : "digest";
  return digest === undefined ? "tag" : "tag-and-digest";
}

/** The forms as they follow one another: what stands for most comes first. */
function orderOf(form: NameForm): string {
  if (typeof form === "object") return String(form.below).padStart(4, "0");
  return { repository: "a", tag: "b", digest: "c", "tag-and-digest": "d" }[form];
}

/** What lookups in these tables need of a reference. */
export function needsOf(tables: readonly NameTable[]): ReferenceNeeds {
  const groups = tables.flatMap((table) => table.groups);
  return {
    ports: groups.some(({ names }) => names.some((name) => /^(?:[^[/]*|[[][^/]*[\]]):[0-9]+[/]/.test(name))),
    tags: groups.some(({ form }) => form === "tag"),
  };
}

/** The patterns of a list, braces written out. */
export function patternsOf(entries: readonly PatternEntry[]): Pattern[] {
  return entries.flatMap((entry) => entry.patterns);
}
