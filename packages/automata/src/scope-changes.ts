import type { Match, Policy } from "@registry-policy/language";
import { globLanguage } from "./glob-language.js";
import { and, everything, type Language, matching, not } from "./language.js";
import { parseExpression } from "./parse-expression.js";
import { shortest } from "./search.js";
import { selectedAlone } from "./selector-changes.js";

/** What changes between two policies apart from their images. */
export interface ScopeChange {
  /** The field of the policy: `match.kinds`. */
  readonly field: string;
  /** Whether more may run by the new policy, less, or each in some case. */
  readonly effect: "widened" | "narrowed" | "both";
  /** One lower-case sentence without a full stop. */
  readonly message: string;
}

/** What changes in scope, exemptions and enforcement. Order and repetition of lists make no change. */
export function scopeChanges(old: Policy, now: Policy): ScopeChange[] {
  return [
    ...enforcementChange(old, now),
    ...kindChanges(old.match, now.match),
    ...namespaceChanges(old.match, now.match),
    ...selectorChanges(old.match, now.match),
    ...exemptionChanges("users", old, now),
    ...exemptionChanges("groups", old, now),
    ...breakGlassChanges(old, now),
  ];
}

const strictness = { audit: 0, warn: 1, deny: 2 };

function enforcementChange(old: Policy, now: Policy): ScopeChange[] {
  if (old.enforcement === now.enforcement) return [];
  const effect = strictness[now.enforcement] < strictness[old.enforcement] ? "widened" : "narrowed";
  return [{ field: "enforcement", effect, message: `\`${old.enforcement}\` becomes \`${now.enforcement}\`` }];
}

function kindChanges(old: Match, now: Match): ScopeChange[] {
  return [
    ...old.kinds
      .filter((kind) => !now.kinds.includes(kind))
      .map((kind) => change("match.kinds", "widened", `\`${kind}\` is judged no more`)),
    ...now.kinds
      .filter((kind) => !old.kinds.includes(kind))
      .map((kind) => change("match.kinds", "narrowed", `\`${kind}\` is judged now`)),
  ];
}

/** DNS labels: what a namespace can be called. */
const namespaceNames = matching(parseExpression("^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$"));

function namespaceChanges(old: Match, now: Match): ScopeChange[] {
  const [before, after] = [judgedNamespaces(old), judgedNamespaces(now)];
  const lost = shortest(and(before, not(after)));
  const gained = shortest(and(after, not(before)));
  return [
    ...(lost === undefined
      ? []
      : [change("match.namespaces", "widened", `the namespace \`${lost}\` is judged no more`)]),
    ...(gained === undefined
      ? []
      : [change("match.namespaces", "narrowed", `the namespace \`${gained}\` is judged now`)]),
  ];
}

function judgedNamespaces({ namespaces, excludeNamespaces }: Match): Language {
  const named = namespaces.length === 0 ? everything : (globLanguage(namespaces) ?? everything);
  return and(namespaceNames, named, not(globLanguage(excludeNamespaces) ?? everything));
}

function selectorChanges({ namespaceSelector: old }: Match, { namespaceSelector: now }: Match): ScopeChange[] {
  const field = "match.namespaceSelector";
  const lost = selectedAlone(old, now);
  const gained = selectedAlone(now, old);
  return [
    ...(lost === undefined ? [] : [change(field, "widened", `${labelledText(lost)} are judged no more`)]),
    ...(gained === undefined ? [] : [change(field, "narrowed", `${labelledText(gained)} are judged now`)]),
  ];
}

function labelledText(labels: Readonly<Record<string, string>>): string {
  const written = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return written.length === 0 ? "namespaces without labels" : `namespaces with the labels \`${written.join(",")}\``;
}

function exemptionChanges(list: "users" | "groups", { exempt: old }: Policy, { exempt: now }: Policy): ScopeChange[] {
  const what = list === "users" ? "user" : "group";
  const field = `exempt.${list}`;
  const gained = outside(now[list], old[list]);
  const lost = outside(old[list], now[list]);
  return [
    ...(gained === undefined ? [] : [change(field, "widened", `the ${what} \`${gained}\` is exempt now`)]),
    ...(lost === undefined ? [] : [change(field, "narrowed", `the ${what} \`${lost}\` is exempt no more`)]),
  ];
}

/** The shortest text that one of `globs` matches and none of `others`, or a glob where it cannot be worked out. */
function outside(globs: readonly string[], others: readonly string[]): string | undefined {
  const [inner, outer] = [globLanguage(globs), globLanguage(others)];
  if (inner === undefined || outer === undefined) return globs.find((glob) => !others.includes(glob));
  // The empty text is nobody.
  return shortest(and(inner, not(outer), matching(parseExpression("(?s)."))), Number.POSITIVE_INFINITY);
}

function breakGlassChanges(
  { exempt: { breakGlass: old } }: Policy,
  { exempt: { breakGlass: now } }: Policy,
): ScopeChange[] {
  const field = "exempt.breakGlass";
  if (old === undefined && now === undefined) return [];
  if (old === undefined)
    return [change(field, "widened", `the annotation \`${now?.annotation}\` lifts the policy now`)];
  if (now === undefined) {
    return [change(field, "narrowed", `the annotation \`${old.annotation}\` lifts the policy no more`)];
  }
  if (old.annotation !== now.annotation) {
    return [change(field, "both", `\`${now.annotation}\` lifts the policy, and \`${old.annotation}\` no more`)];
  }
  const gained = valueOutside(now.value, old.value);
  const lost = valueOutside(old.value, now.value);
  return [
    ...(gained === undefined ? [] : [change(field, "widened", `${valueText(gained)} lifts the policy now`)]),
    ...(lost === undefined ? [] : [change(field, "narrowed", `${valueText(lost)} lifts the policy no more`)]),
  ];
}

/** The shortest value that one glob accepts and another does not; absent, a glob accepts any. */
function valueOutside(glob = "*", other = "*"): string | undefined {
  const [inner, outer] = [globLanguage([glob]), globLanguage([other])];
  if (inner === undefined || outer === undefined) return glob === other ? undefined : glob;
  return shortest(and(inner, not(outer)), Number.POSITIVE_INFINITY);
}

function change(field: string, effect: ScopeChange["effect"], message: string): ScopeChange {
  return { field, effect, message };
}

function valueText(value: string): string {
  return value === "" ? "an empty value" : `the value \`${value}\``;
}
