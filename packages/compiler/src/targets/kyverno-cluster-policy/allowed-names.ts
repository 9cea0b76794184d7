import type { Pattern, PatternEntry } from "@registry-policy/language";
import { jmespathTexts } from "../../jmespath-text.js";

/** The patterns of an allow list that are names to look up, whatever their number, and those that are not. */
export interface AllowedNames {
  /** `ghcr.io/acme/app`, and `ghcr.io/acme/` for all that is below. */
  readonly names: readonly string[];
  /** How many components the names of what is below have, the registry included: `ghcr.io/acme/` has 2. */
  readonly depths: readonly number[];
  /** The patterns with a wildcard, a port, a tag or a digest to look at. */
  readonly expressed: readonly Pattern[];
}

export function allowedNames(patterns: readonly Pattern[]): AllowedNames {
  const named = patterns.map((pattern) => ({ pattern, name: nameOf(pattern) }));
  const names = [...new Set(named.flatMap(({ name }) => name ?? []))].sort();
  const depths = names.filter((name) => name.endsWith("/")).map((name) => name.split("/").length - 1);
  return {
    names,
    depths: [...new Set(depths)].sort((a, b) => a - b),
    expressed: named.filter(({ name }) => name === undefined).map(({ pattern }) => pattern),
  };
}

function nameOf({ registry, repository, tag, digest }: Pattern): string | undefined {
  if (tag !== undefined || digest !== undefined || registry.kind === "any" || registry.port !== "default")
    return undefined;
  const host = registry.labels.join(".");
  // A name has lost its port 443, so a host without a dot could be the first component of a short name.
  if (host.includes("*") || !(host.includes(".") || host === "localhost")) return undefined;
  const isPrefix = repository.at(-1) === "**";
  const components = isPrefix ? repository.slice(0, -1) : repository;
  if (components.some((component) => component.includes("*"))) return undefined;
  return [host, ...components].join("/") + (isPrefix ? "/" : "");
}

/** The depth at which every name ends, where all of them are names of what is below. */
export function onlyDepth({ names, depths }: AllowedNames): number | undefined {
  return depths.length === 1 && names.every((name) => name.endsWith("/")) ? depths[0] : undefined;
}

/** JMESPath: what an image of this name (in lower case, without the port 443) is looked up as. */
export function candidates({ names, depths }: AllowedNames, name: string): string[] {
  const above = depths.map((depth) => `join('/', [split(${name}, '/')[:-1] | [:${depth}], ''][])`);
  return names.every((entry) => entry.endsWith("/")) ? above : [name, ...above];
}

/** JMESPath: whether one of these candidates is among the names. */
export function isListed({ names }: AllowedNames, [candidate, ...more]: readonly string[]): string {
  const list = jmespathTexts(names);
  if (more.length === 0) return `contains(${list}, ${candidate})`;
  return `[${[candidate, ...more].join(", ")}][?contains(${list}, @)]`;
}

/** The patterns of a list, braces written out. */
export function patternsOf(entries: readonly PatternEntry[]): Pattern[] {
  return entries.flatMap((entry) => entry.patterns);
}
