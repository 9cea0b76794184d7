import { type Pattern, type PatternEntry, patternMatcher, type Reference } from "@registry-policy/language";
import { and } from "./language.js";
import { entriesLanguage } from "./policy-language.js";
import { validReferences } from "./reference-language.js";
import { sampleImage } from "./sample-image.js";
import { notIncluded, shortest } from "./search.js";

/** An item of a list that another one makes superfluous. */
export interface CoveredEntry {
  readonly entry: PatternEntry;
  readonly by: PatternEntry;
  /** The shortest image that both match. */
  readonly image: string;
}

/** How many pairs of items are held against one image, and how many are compared on every image. */
const maximumTrials = 2_000_000;
const maximumComparisons = 500;

/**
 * The items of a list each of which one other item covers. Of items that match the same images, the first is kept.
 *
 * Only pairs that agree on an image are compared, found by registry and first component. A list so long and so much
 * alike that there are too many pairs is not looked through to its end.
 */
export function coveredEntries(entries: readonly PatternEntry[], defaultRegistry: string): CoveredEntry[] {
  const index = indexOf(entries);
  const covered: CoveredEntry[] = [];
  const superfluous = new Set<PatternEntry>();
  let trials = 0;
  let comparisons = 0;
  for (const [position, entry] of entries.entries()) {
    const [sample] = entry.patterns.map(sampleImage);
    if (sample === undefined) continue;
    const matches = patternMatcher(sample);
    const language = and(validReferences, entriesLanguage([entry], defaultRegistry));
    for (const { entry: by, position: other, patterns } of candidates(index, sample)) {
      if (by === entry || superfluous.has(by)) continue;
      trials += patterns.length;
      if (trials > maximumTrials || comparisons > maximumComparisons) return covered;
      if (!patterns.some(matches)) continue;
      comparisons += 1;
      if (notIncluded(language, entriesLanguage([by], defaultRegistry)) !== undefined) continue;
      // Of two that are equal the later one goes.
      const isEqual = other > position && isCovered(by, entry, defaultRegistry);
      if (isEqual) continue;
      const image = shortest(language);
      if (image === undefined) continue;
      superfluous.add(entry);
      covered.push({ entry, by, image });
      break;
    }
  }
  return covered;
}

function isCovered(entry: PatternEntry, by: PatternEntry, defaultRegistry: string): boolean {
  const language = and(validReferences, entriesLanguage([entry], defaultRegistry));
  return notIncluded(language, entriesLanguage([by], defaultRegistry)) === undefined;
}

interface Indexed {
  readonly entry: PatternEntry;
  readonly position: number;
  /** Those of the entry that the key leads to. */
  readonly patterns: Pattern[];
}

/** Items by what of their registry and first component is without wildcards. */
function indexOf(entries: readonly PatternEntry[]): Map<string, Indexed[]> {
  const index = new Map<string, Indexed[]>();
  for (const [position, entry] of entries.entries()) {
    for (const pattern of entry.patterns) {
      const key = keyOf(pattern);
      const list = index.get(key) ?? [];
      index.set(key, list);
      const last = list.at(-1);
      if (last?.entry === entry) last.patterns.push(pattern);
      else list.push({ entry, position, patterns: [pattern] });
    }
  }
  return index;
}

function keyOf({ registry, repository }: Pattern): string {
  const host = registry.kind === "any" ? "*" : registry.labels.join(".");
  if (host.includes("*")) return "";
  const [first = ""] = repository;
  return first.includes("*") ? host : `${host}/${first}`;
}

function candidates(index: ReadonlyMap<string, readonly Indexed[]>, { host, repository }: Reference): Indexed[] {
  const keys = ["", host, `${host}/${repository.split("/")[0]}`];
  return keys.flatMap((key) => index.get(key) ?? []);
}
