import type { Pattern, PatternEntry } from "@registry-policy/language";
import {
  type PatternStep,
  patternSteps,
  type WildcardPattern,
  wildcardHost,
  wildcardRepository,
} from "./pattern-steps.js";

/** A list of patterns as the Rego looks it up: by registry, then by repository, each as it is printed. */
export interface PatternTable {
  readonly patterns: Readonly<Record<string, Readonly<Record<string, ImagesEntry>>>>;
  /** By registry: how many components stand in front of a `/**` at the end of its repositories. */
  readonly depths: Readonly<Record<string, readonly number[]>>;
  /** Which of the registries have a wildcard in their host. */
  readonly hosts: readonly PatternStep[];
  /** By registry: which of its repositories have a wildcard that is no `/**` at their end. */
  readonly repositories: Readonly<Record<string, readonly PatternStep[]>>;
}

/** Why the pattern is in its list, or `true` where nobody said. */
export type PatternReason = string | true;

/** Any tag and digest, or those that are listed as they are printed: `:1.27`, `:v*`, `@sha256:*`, `:v1@*`. */
export type ImagesEntry =
  | PatternReason
  | {
      /** Without wildcards. */
      readonly is: Readonly<Record<string, PatternReason>>;
      readonly like: Readonly<Record<string, PatternReason>>;
    };

type MutableEntry = PatternReason | { is: Record<string, PatternReason>; like: Record<string, PatternReason> };

/** Lays out the items of `allow` or `deny` so that what a review pays does not grow with their number. */
export function patternTable(entries: readonly PatternEntry[]): PatternTable {
  const table: Record<string, Record<string, MutableEntry>> = {};
  const hosts = new Map<string, WildcardPattern>();
  const repositories = new Map<string, Map<string, WildcardPattern>>();

  for (const { patterns, reason } of entries) {
    for (const pattern of patterns) {
      const { registry, repository, image } = splitText(pattern);
      const ofRegistry = table[registry] ?? {};
      table[registry] = ofRegistry;
      ofRegistry[repository] = addImage(ofRegistry[repository], image, reason ?? true);

      const host = pattern.registry.kind === "host" ? wildcardHost(pattern.registry.labels) : undefined;
      if (host !== undefined) hosts.set(host.text, host);
      const wildcard = wildcardRepository(pattern.repository);
      if (wildcard === undefined) continue;
      const found = repositories.get(registry) ?? new Map<string, WildcardPattern>();
      repositories.set(registry, found.set(wildcard.text, wildcard));
    }
  }
  return {
    patterns: table,
    depths: Object.fromEntries(
      Object.entries(table).flatMap(([registry, paths]) => {
        const depths = depthsOf(Object.keys(paths));
        return depths.length === 0 ? [] : [[registry, depths]];
      }),
    ),
    hosts: patternSteps([...hosts.values()]),
    repositories: Object.fromEntries(
      [...repositories].map(([registry, wildcards]) => [registry, patternSteps([...wildcards.values()])]),
    ),
  };
}

function depthsOf(repositories: readonly string[]): number[] {
  const depths = repositories
    .map((repository) => repository.split("/"))
    .filter((components) => components.at(-1) === "**" && !components.slice(0, -1).join().includes("*"))
    .map((components) => components.length - 1);
  return [...new Set(depths)].sort((a, b) => a - b);
}

/** The parts of a pattern as it is printed; a registry has no `/`. `image` is its tag and digest. */
function splitText(pattern: Pattern): { registry: string; repository: string; image: string } {
  return {
    registry: pattern.text.slice(0, pattern.text.indexOf("/")),
    repository: pattern.repository.join("/"),
    image:
      (pattern.tag === undefined ? "" : `:${pattern.tag}`) + (pattern.digest === undefined ? "" : `@${pattern.digest}`),
  };
}

function addImage(entry: MutableEntry | undefined, image: string, reason: PatternReason): MutableEntry {
  if (image === "" && typeof entry !== "object") return firstReason(entry, reason);
  const images = typeof entry === "object" ? entry : { is: entry === undefined ? {} : { "": entry }, like: {} };
  const list: Record<string, PatternReason> = image.includes("*") ? images.like : images.is;
  list[image] = firstReason(list[image], reason);
  return images;
}

function firstReason(known: PatternReason | undefined, reason: PatternReason): PatternReason {
  return typeof known === "string" ? known : reason;
}
