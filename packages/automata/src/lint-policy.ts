import {
  type Diagnostic,
  matchesRegistry,
  type Pattern,
  type Place,
  type Policy,
  patternMatcher,
  type RegistryPattern,
} from "@registry-policy/language";
import { coveredEntries } from "./covered-entries.js";
import { and, type Language, not } from "./language.js";
import { patternLanguage } from "./pattern-language.js";
import { entriesLanguage, policyLanguages } from "./policy-language.js";
import { validReferences } from "./reference-language.js";
import { sampleImage } from "./sample-image.js";
import { shortest } from "./search.js";
import { TooLarge } from "./too-large.js";

/** Every lint, and what it is about. */
export const lintCodes = {
  "refuses-everything": { severity: "warning", summary: "no image is allowed" },
  "covered-pattern": { severity: "warning", summary: "another item of the list matches all that an item matches" },
  "denied-pattern": { severity: "warning", summary: "all that an item of the allow list matches is denied" },
  "other-name-allowed": {
    severity: "warning",
    summary: "what is denied under one name of Docker Hub is allowed under another",
  },
  "lint-unknown": { severity: "warning", summary: "a policy is too large to be looked through for lints" },
} as const;

/**
 * What a policy says that is seldom meant, each with an image that shows it.
 *
 * Exact in what it says: an item that is named is covered on every image. Lists of thousands of items that begin alike
 * are not looked through to the end (see `coveredEntries`), and of a policy that is too large to compare it is said that it was not looked through.
 */
export function lintPolicy(policy: Policy): Diagnostic[] {
  try {
    return [
      ...refusesEverything(policy),
      ...covered(policy, "allow"),
      ...covered(policy, "deny"),
      ...denied(policy),
      ...otherNames(policy),
    ];
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    const message = `the policy \`${policy.name}\` was not looked through for what is seldom meant: ${error.message}`;
    return [lint("lint-unknown", policy.place, message, "split the policy in two, or say less in it")];
  }
}

function refusesEverything(policy: Policy): Diagnostic[] {
  if (shortest(policyLanguages(policy).allowed) !== undefined) return [];
  const message = `the policy \`${policy.name}\` allows no image at all`;
  const help =
    "look for a `deny` that covers all of `allow`, or rules of `require` and `denyTags` that exclude each other";
  return [lint("refuses-everything", policy.place, message, help)];
}

function covered({ images }: Policy, list: "allow" | "deny"): Diagnostic[] {
  return coveredEntries(images[list] ?? [], images.defaultRegistry).map(({ entry, by, image }) => {
    const message = `\`${entry.text}\` adds nothing to the list: \`${by.text}\` matches \`${image}\` and all else that it matches`;
    const help = `remove it, or make \`${by.text}\` at line ${by.place.location.line} narrower`;
    return lint("covered-pattern", entry.place, message, help);
  });
}

function denied({ images }: Policy): Diagnostic[] {
  const { allow = [], deny, defaultRegistry } = images;
  if (deny.length === 0) return [];
  const denials = deny.flatMap((entry) => entry.patterns);
  let allDenials: Language | undefined;
  return allow.flatMap((entry): Diagnostic[] => {
    const samples = entry.patterns.map(sampleImage);
    if (samples.some((sample) => sample !== undefined && !denials.some(patternMatcher(sample)))) return [];
    allDenials ??= entriesLanguage(deny, defaultRegistry);
    const allowed = and(validReferences, entriesLanguage([entry], defaultRegistry));
    if (shortest(and(allowed, not(allDenials))) !== undefined) return [];
    const image = shortest(allowed);
    const message = `\`${entry.text}\` allows nothing: \`${image}\` and all else that it matches is denied`;
    return [lint("denied-pattern", entry.place, message, "remove it, or make the `deny` list narrower")];
  });
}

/** The names under which Docker Hub serves the same images. */
const hubNames = ["docker.io", "registry-1.docker.io", "registry.hub.docker.com"];

function otherNames(policy: Policy): Diagnostic[] {
  const { deny, defaultRegistry } = policy.images;
  let allowed: Language | undefined;
  return deny.flatMap((entry): Diagnostic[] => {
    const named = entry.patterns.filter(({ registry }) => isOfHub(registry));
    for (const other of hubNames) {
      const renamed = named.filter(({ registry }) => !isHost(registry, other)).map((pattern) => onHost(pattern, other));
      if (renamed.length === 0) continue;
      allowed ??= policyLanguages(policy).allowed;
      const image = shortest(and(patternLanguage(renamed, defaultRegistry), allowed));
      if (image === undefined) continue;
      const message = `\`${entry.text}\` can be dodged: \`${image}\` is allowed, and \`${other}\` is another name of Docker Hub`;
      const help = `deny \`${hubNames.join("`, `")}\` alike, or list in \`allow\` only the one that you use`;
      return [lint("other-name-allowed", entry.place, message, help)];
    }
    return [];
  });
}

/** Whether a registry is one of the names of Docker Hub, or has a wildcard for one: `*.docker.io`, but not `**.io`. */
function isOfHub(registry: RegistryPattern): boolean {
  return (
    registry.kind === "host" && registry.labels.includes("docker") && hubNames.some((name) => isHost(registry, name))
  );
}

function isHost(registry: RegistryPattern, host: string): boolean {
  return registry.kind === "host" && matchesRegistry({ ...registry, port: "any" }, { host });
}

function onHost(pattern: Pattern, host: string): Pattern {
  const port = pattern.registry.kind === "any" ? "any" : pattern.registry.port;
  return { ...pattern, registry: { kind: "host", labels: host.split("."), port } };
}

function lint(code: keyof typeof lintCodes, place: Place, message: string, help: string): Diagnostic {
  return { code, severity: lintCodes[code].severity, message, ...place, help };
}
