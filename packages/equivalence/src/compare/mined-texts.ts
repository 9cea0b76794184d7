import { isObject } from "@registry-policy/language";
import { parseAllDocuments } from "yaml";
import type { ComparedSide } from "./compared-side.js";
import { addOfObject, addOfPolicy, addOfText, noExemptions } from "./mined-exemptions.js";
import { chosenStems, stemsOf, taggedImagesOf, tagsOf } from "./mined-stems.js";
import type { Sampling } from "./sampling.js";
import type { ProbedNamespace } from "./scene.js";

/** What the texts of a side speak of, as far as it can be read without understanding them. */
export interface MinedTexts {
  /** What may be a registry, the beginning of a repository or a short name, without a `/` at its end. */
  readonly stems: readonly string[];
  /** How many of them there are, of which `stems` are chosen. */
  readonly stemsFound: number;
  /** What may be single images, with their tags and digests. */
  readonly taggedImages: readonly string[];
  /** What may be tags that are refused, or that alone are allowed. */
  readonly tags: readonly string[];
  readonly namespaces: readonly string[];
  /** Namespaces on both sides of what policies of ours say. */
  readonly ownNamespaces: readonly ProbedNamespace[];
  /** Labels of namespaces that something selects by. */
  readonly labels: readonly Readonly<Record<string, string>>[];
  /** Names of users, and of groups with `group:` before them. */
  readonly users: readonly string[];
  /** Annotations that lift a policy, `name=value`; labels, with `label:` before them. */
  readonly annotations: readonly string[];
}

const maximumNames = 12;
const maximumImages = 40;

/** Mines both our own policies, which are understood, and foreign texts, which are not. */
export function mineTexts(sides: readonly ComparedSide[], sampling: Sampling): MinedTexts {
  const strings = sides.map(() => new Set<string>());
  const tags = new Set<string>();
  const exemptions = noExemptions();
  for (const [index, { files, policies }] of sides.entries()) {
    const found = strings[index] ?? new Set();
    for (const policy of policies) {
      const { allow = [], deny, denyTags } = policy.images;
      addOfPolicy(policy, exemptions);
      for (const { patterns } of [...allow, ...deny]) for (const { text } of patterns) found.add(text);
      for (const { text } of denyTags) tags.add(text);
    }
    for (const { path, text } of files) {
      for (const quoted of quotedIn(text)) found.add(quoted);
      if (path.endsWith(".rego")) {
        addOfText(text, exemptions);
        continue;
      }
      for (const document of parseAllDocuments(text, { logLevel: "silent" })) {
        if (document.errors.length === 0) walk(document.toJS({ maxAliasCount: 100 }), "", found);
      }
    }
  }
  const stems = strings.map((found) => new Set([...found].flatMap(stemsOf)));
  const images = strings.map((found) => new Set([...found].flatMap(taggedImagesOf)));
  for (const tag of strings.flatMap((found) => [...found].flatMap(tagsOf))) tags.add(tag);
  const known = new Set(stems.flatMap((found) => [...found]));
  return {
    stems: chosenStems(stems, sampling),
    stemsFound: known.size,
    taggedImages: ofOneFirst(images)
      .filter((image) => !known.has(image))
      .slice(0, maximumImages),
    tags: [...new Set([...tags].map(written))].slice(0, maximumNames),
    namespaces: [...exemptions.namespaces].map(written).filter(isName).slice(0, maximumNames),
    ownNamespaces: exemptions.ownNamespaces,
    labels: [...exemptions.labels.values()].slice(0, maximumNames),
    users: [...exemptions.users].map(written).slice(0, maximumNames),
    annotations: [...exemptions.annotations].map(written).slice(0, maximumNames),
  };

  function walk(value: unknown, key: string, found: Set<string>): void {
    if (typeof value === "string") {
      found.add(value);
      addOfText(value, exemptions);
      for (const quoted of quotedIn(value)) found.add(quoted);
      if (/namespaces$/i.test(key)) exemptions.namespaces.add(value);
      if (/tags?$/i.test(key)) tags.add(value);
    } else if (Array.isArray(value)) {
      for (const item of value) walk(item, key, found);
    } else if (isObject(value)) {
      addOfObject(value, key, exemptions);
      for (const [name, child] of Object.entries(value)) walk(child, name, found);
    }
  }
}

/** What stands in the text of one side alone before what stands in both, for there the sides likely differ. */
function ofOneFirst(sides: readonly ReadonlySet<string>[]): string[] {
  const all = [...new Set(sides.flatMap((found) => [...found]))];
  const isInAll = (text: string) => sides.every((found) => found.has(text));
  return [...all.filter((text) => !isInAll(text)), ...all.filter(isInAll)];
}

function quotedIn(text: string): string[] {
  // What is not closed is passed over as a whole: a search from each of its escaped quotes would take quadratic time.
  const quoted = /"((?:[^"\\\n]|\\.)*)(?:"|(\\?$))|'([^'\n]*)'|`([^`]*)`/gm;
  return [...text.matchAll(quoted)].flatMap(([, double, unclosed, single, raw]) =>
    unclosed === undefined ? [double?.replaceAll("\\\\", "\\") ?? single ?? raw ?? ""] : [],
  );
}

function written(glob: string): string {
  return glob.replaceAll("*", "x");
}

function isName(text: string): boolean {
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text);
}
