import { isObject } from "@registry-policy/language";
import { parseAllDocuments } from "yaml";
import type { ComparedSide } from "./compared-side.js";
import type { Sampling } from "./sampling.js";

/** What the texts of a side speak of, as far as it can be read without understanding them. */
export interface MinedTexts {
  /** What may be a registry, the beginning of a repository or a short name, without a `/` at its end. */
  readonly stems: readonly string[];
  /** How many of them there are, of which `stems` are chosen. */
  readonly stemsFound: number;
  readonly namespaces: readonly string[];
  /** Labels of namespaces that something selects by. */
  readonly labels: readonly Readonly<Record<string, string>>[];
  /** Names of users, and of groups with `group:` before them. */
  readonly users: readonly string[];
  /** Annotations that lift a policy, `name=value`. */
  readonly annotations: readonly string[];
}

const maximumNames = 8;

/** Mines both our own policies, which are understood, and foreign texts, which are not. */
export function mineTexts(sides: readonly ComparedSide[], sampling: Sampling): MinedTexts {
  const stems: Set<string>[] = [];
  let strings = new Set<string>();
  const namespaces = new Set<string>();
  const users = new Set<string>();
  const annotations = new Set<string>();
  const labels = new Map<string, Readonly<Record<string, string>>>();
  for (const { files, policies } of sides) {
    strings = new Set();
    for (const { images, exempt, match } of policies) {
      for (const user of exempt.users) users.add(user);
      for (const group of exempt.groups) users.add(`group:${group}`);
      for (const name of [...match.namespaces, ...match.excludeNamespaces]) namespaces.add(name);
      const { breakGlass } = exempt;
      if (breakGlass !== undefined) annotations.add(`${breakGlass.annotation}=${breakGlass.value ?? "x"}`);
      for (const entry of [...(images.allow ?? []), ...images.deny]) {
        for (const { text } of entry.patterns) strings.add(text);
      }
    }
    for (const { path, text } of files) {
      for (const quoted of quotedIn(text)) strings.add(quoted);
      for (const [, name = ""] of text.matchAll(/namespace\w*\W{1,20}["'`]([a-z0-9*-]+)["'`]/gi)) namespaces.add(name);
      for (const [, name = ""] of text.matchAll(/["'`\s](system:[\w:.-]+)/g)) users.add(name);
      if (!/\.ya?ml$|\.json$/.test(path)) continue;
      for (const document of parseAllDocuments(text, { logLevel: "silent" })) {
        if (document.errors.length === 0) walk(document.toJS({ maxAliasCount: 100 }), "");
      }
    }
    stems.push(new Set([...strings].flatMap(stemsOf)));
  }
  return {
    stems: chosenStems(stems, sampling),
    stemsFound: new Set(stems.flatMap((found) => [...found])).size,
    namespaces: [...namespaces].map(written).filter(isName).slice(0, maximumNames),
    labels: [...labels.values()].slice(0, maximumNames),
    users: [...users].map(written).slice(0, maximumNames),
    annotations: [...annotations].map(written).slice(0, maximumNames),
  };

  function walk(value: unknown, key: string): void {
    if (typeof value === "string") {
      strings.add(value);
      for (const quoted of quotedIn(value)) strings.add(quoted);
      if (/namespaces$/i.test(key)) namespaces.add(value);
    } else if (Array.isArray(value)) {
      for (const item of value) walk(item, key);
    } else if (isObject(value)) {
      if (key === "namespaceSelector") addLabels(value);
      for (const [name, child] of Object.entries(value)) walk(child, name);
    }
  }

  function addLabels(selector: object): void {
    const { matchLabels, matchExpressions } = selector as { matchLabels?: unknown; matchExpressions?: unknown };
    const found: Record<string, string> = {};
    for (const [name, value] of Object.entries(isObject(matchLabels) ? matchLabels : {})) found[name] = String(value);
    for (const item of Array.isArray(matchExpressions) ? matchExpressions : []) {
      const { key, values } = item as { key?: unknown; values?: unknown };
      if (typeof key === "string") found[key] = Array.isArray(values) ? String(values[0]) : "x";
    }
    const name = found["kubernetes.io/metadata.name"];
    if (name !== undefined) namespaces.add(name);
    delete found["kubernetes.io/metadata.name"];
    if (Object.keys(found).length > 0) labels.set(JSON.stringify(found), found);
  }
}

/** In the order in which they were found; those that look like a registry before words that may be anything. */
function chosenStems(
  sides: readonly ReadonlySet<string>[],
  { namesOfOne, namesOfBoth }: Pick<Sampling, "namesOfOne" | "namesOfBoth">,
): string[] {
  const all = [...new Set(sides.flatMap((stems) => [...stems]))];
  const isInAll = (stem: string) => sides.every((stems) => stems.has(stem));
  const isLikely = (stem: string) => /[./:]/.test(stem);
  const likelyFirst = [...all.filter(isLikely), ...all.filter((stem) => !isLikely(stem))];
  const chosen = new Set([
    ...likelyFirst.filter((stem) => !isInAll(stem)).slice(0, namesOfOne),
    ...likelyFirst.filter(isInAll).slice(0, namesOfBoth),
  ]);
  return all.filter((stem) => chosen.has(stem));
}

function quotedIn(text: string): string[] {
  return [...text.matchAll(/"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'|`([^`]*)`/g)].map(
    ([, double, single, raw]) => double?.replaceAll("\\\\", "\\") ?? single ?? raw ?? "",
  );
}

function written(glob: string): string {
  return glob.replaceAll("*", "x");
}

function isName(text: string): boolean {
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text);
}

/** What every policy's text is full of, and no registry is called. */
const noise =
  /^(?:object|oldObject|input|request|review|variables|data|spec|metadata|container|element|images?|c|v)\.|(?:^|[./])(?:kyverno\.io|k8s\.io|kubernetes\.io|gatekeeper\.sh|openpolicyagent\.org|registry-policy\.dev)(?:\/|$)/;

/** Longer texts are lists, whose groups are not taken apart. */
const longestGrouped = 4_000;

function stemsOf(text: string): string[] {
  const parts = text.length > longestGrouped ? text.split(/[|&,\s()]+/) : alternatives(text);
  return parts.flatMap((alternative) => {
    if (alternative.length > longestGrouped) return [];
    const stem = literalBeginning(alternative);
    if (!/^[a-zA-Z0-9][a-zA-Z0-9._-]*(?::\d+)?(?:\/[a-z0-9._-]+)*$/.test(stem) || stem.length > 200) return [];
    if (stem.length < 2 || noise.test(stem)) return [];
    return [stem];
  });
}

/** What `|`, `&`, commas, blanks and a group of an expression separate. */
function alternatives(text: string): string[] {
  const group = /\((?:\?:)?([^()|]+(?:\|[^()|]+)+)\)/.exec(text);
  if (group !== null) {
    const before = text.slice(0, group.index);
    const after = text.slice(group.index + group[0].length);
    return (group[1] ?? "")
      .split("|")
      .slice(0, 50)
      .flatMap((choice) => alternatives(`${before}${choice}${after}`))
      .slice(0, 200);
  }
  return text.split(/[|&,\s]+/);
}

/** What a glob or a regular expression begins with, as far as it is literal. */
function literalBeginning(text: string): string {
  const unescaped = text.replace(/^(?:\(\?[a-z]+\))?!?\^?(?:\(\?:)?/, "").replace(/\\([./-])|\[([.])\]/g, "$1$2");
  const slash = unescaped.indexOf("/");
  // A wildcard inside the host: any label will do.
  const hosted =
    slash > 0 && /^[a-zA-Z0-9.*-]+$/.test(unescaped.slice(0, slash)) && unescaped.includes(".")
      ? unescaped.slice(0, slash).replaceAll(/\*+/g, "a") + unescaped.slice(slash)
      : unescaped;
  const literal = /^(?:(?![.][*+?{])[a-zA-Z0-9._:/@-])*/.exec(hosted)?.[0] ?? "";
  return literal
    .replace(/@.*$/, "")
    .replace(/:(?!\d+(?:\/|$))[^/]*$/, "")
    .replace(/[./:]+$/, "");
}
