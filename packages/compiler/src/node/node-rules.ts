import { matchesGlob, type Policy } from "@registry-policy/language";
import { allowScope, coversEverything, deniedArea, denyScope, overlap, type Scope, scopeText } from "./scope.js";

/** What a node's container runtime is told: the most specific scope decides, each text is one. */
export interface NodeRules {
  /** Whether an image in no scope is accepted. */
  readonly acceptsByDefault: boolean;
  readonly accepted: readonly string[];
  readonly rejected: readonly string[];
  /** Where a short name is looked for; empty: nowhere. */
  readonly searchRegistries: readonly string[];
}

/**
 * The images of a policy as scopes. What an item of `allow` limits beyond a scope is left out, and what an item of
 * `deny` says is widened to one: both refuse rather than admit. Rules about tags and digests hold for the images that a
 * scope names; a namespace has no place for them.
 *
 * @param exceptions whether the format can reject a part of what it accepts: where not, the whole is left out.
 * @returns the rules, or `undefined` where nothing would be accepted.
 */
export function nodeRules({ images }: Pick<Policy, "images">, exceptions: boolean): NodeRules | undefined {
  const { allow, deny, require, denyTags, defaultRegistry } = images;
  const patterns = allow?.flatMap((entry) => entry.patterns);
  const areas = deny.flatMap((entry) => entry.patterns.map(deniedArea));
  const searchRegistries = require.explicitRegistry ? [] : [defaultRegistry];

  if (patterns === undefined || patterns.some(coversEverything)) {
    const scopes = areas.map(denyScope);
    if (scopes.includes(undefined)) return undefined;
    const rejected = texts(scopes.filter((scope) => scope !== undefined));
    return { acceptsByDefault: true, accepted: [], rejected, searchRegistries };
  }

  const tags = denyTags.map((entry) => entry.text);
  const accepted: Scope[] = [];
  const rejected: Scope[] = [];
  for (const pattern of patterns) {
    const scope = allowScope(pattern);
    if (scope === undefined || isRefused(scope, tags, require.digest)) continue;
    const overlaps = areas.map((area) => overlap(scope, area));
    if (overlaps.some(({ kind }) => kind === "whole" || (kind === "part" && !exceptions))) continue;
    accepted.push(scope);
    rejected.push(...overlaps.flatMap((found) => (found.kind === "part" ? [found.scope] : [])));
    // A namespace has as many repositories as there are names: only one that is named has tags that can be named.
    const isRepository = pattern.repository.at(-1) !== "**" && scope.suffix === undefined;
    if (!exceptions || !isRepository) continue;
    rejected.push(...tags.filter((tag) => !tag.includes("*")).map((tag) => ({ ...scope, suffix: `:${tag}` })));
  }
  if (accepted.length === 0) return undefined;
  return { acceptsByDefault: false, accepted: texts(accepted), rejected: texts(rejected), searchRegistries };
}

/** Whether the rules about tags and digests refuse the one image of a scope. */
function isRefused({ suffix }: Scope, denyTags: readonly string[], needsDigest: boolean): boolean {
  if (!suffix?.startsWith(":")) return false;
  return needsDigest || denyTags.some((glob) => matchesGlob(glob, suffix.slice(1)));
}

function texts(scopes: readonly Scope[]): string[] {
  return [...new Set(scopes.map(scopeText))].sort();
}
