import { matchesGlob } from "./glob.js";
import type { Pattern, RegistryPattern, RepositoryPattern } from "./pattern.js";
import type { Reference } from "./reference.js";
import type { Registry } from "./registry.js";

/**
 * Whether a pattern matches a reference, part by part, each from end to end. What an absent port means was settled
 * when the pattern was parsed, for the list that it stands in.
 */
export function matchesPattern(pattern: Pattern, reference: Reference): boolean {
  return patternMatcher(reference)(pattern);
}

/** Whether the registry of a pattern is, or has a wildcard for, a registry that is normalised. */
export function matchesRegistry(pattern: RegistryPattern, { host, port }: Registry): boolean {
  return pattern.kind === "any" || (matchesPort(pattern.port, port) && matchesHost(pattern.labels, host.split(".")));
}

/** `matchesPattern` of one reference, which is taken apart only once: for long lists of patterns. */
export function patternMatcher(reference: Reference): (pattern: Pattern) => boolean {
  const { host, port, tag, digest } = reference;
  const hostLabels = host.split(".");
  const components = reference.repository.split("/");
  return (pattern) =>
    (pattern.registry.kind === "any" ||
      (matchesPort(pattern.registry.port, port) && matchesHost(pattern.registry.labels, hostLabels))) &&
    matchesRepository(pattern.repository, components) &&
    (pattern.tag === undefined || (tag !== undefined && matchesGlob(pattern.tag, tag))) &&
    (pattern.digest === undefined || (digest !== undefined && matchesGlob(pattern.digest, digest)));
}

function matchesPort(pattern: string, port: string | undefined): boolean {
  if (pattern === "any") return true;
  return pattern === "default" ? port === undefined : port === pattern;
}

function matchesHost(patterns: readonly string[], labels: readonly string[]): boolean {
  // A bracketed address is no DNS label: no wildcard stands for it or for a part of it.
  if (labels[0]?.startsWith("[")) return patterns.length === 1 && patterns[0] === labels[0];
  if (patterns[0] !== "**") return matchesLabels(patterns, labels);
  const fixed = patterns.slice(1);
  return labels.length > fixed.length && matchesLabels(fixed, labels.slice(labels.length - fixed.length));
}

function matchesLabels(patterns: readonly string[], labels: readonly string[]): boolean {
  return (
    patterns.length === labels.length &&
    patterns.every((pattern, index) => matchesGlob(pattern, labels[index] ?? "", 1))
  );
}

/**
 * A `**` at the end is one component (`*`, for a component is never empty) and then any number of them; so every
 * `**` that is left stands for any number, and taking its fewest components first never loses a match as long as the
 * last one tried can take more.
 */
function matchesRepository(pattern: RepositoryPattern, components: readonly string[]): boolean {
  const parts = pattern.at(-1) === "**" ? [...pattern.slice(0, -1), "*", "**"] : pattern;
  let part = 0;
  let component = 0;
  let lastStar: { part: number; component: number } | undefined;
  while (component < components.length) {
    const wanted = parts[part];
    if (wanted === "**") {
      lastStar = { part, component };
      part += 1;
    } else if (wanted !== undefined && matchesGlob(wanted, components[component] ?? "")) {
      part += 1;
      component += 1;
    } else if (lastStar !== undefined) {
      lastStar = { part: lastStar.part, component: lastStar.component + 1 };
      part = lastStar.part + 1;
      component = lastStar.component;
    } else {
      return false;
    }
  }
  return parts.slice(part).every((left) => left === "**");
}
