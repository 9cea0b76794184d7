import { type LabelRequirement, type LabelSelector, matchesGlob, type Policy } from "@registry-policy/language";
import type { ProbedNamespace } from "../compare/scene.js";

/** Who asks, for what namespace, and with which annotation: values on both sides of what a policy says of them. */
export interface ScopeValues {
  readonly namespaces: readonly ProbedNamespace[];
  /** Names, and groups with `group:` before them; empty: somebody ordinary. */
  readonly users: readonly string[];
  /** `name=value`; empty: none. */
  readonly annotations: readonly string[];
}

/** Of each list so many items are tried, those that come first. */
const maximumItems = 4;

/** The values that a policy tells apart, and such as are nearly those. */
export function scopeValues({ match, exempt }: Policy): ScopeValues {
  const { breakGlass } = exempt;
  const annotation = breakGlass?.annotation ?? "";
  const values = breakGlass?.value === undefined ? ["x"] : [matched(breakGlass.value), ...missed(breakGlass.value)];
  return {
    namespaces: distinct(namespacesOf(match)),
    users: distinct([
      "",
      ...exempt.users.slice(0, maximumItems).flatMap((glob) => [matched(glob), ...missed(glob)]),
      ...exempt.groups
        .slice(0, maximumItems)
        .flatMap((glob) => [matched(glob), ...missed(glob)].map((name) => `group:${name}`)),
    ]),
    annotations: distinct([
      "",
      ...(breakGlass === undefined ? [] : [...values.map((value) => `${annotation}=${value}`), `${annotation}x=x`]),
    ]),
  };
}

function namespacesOf({ namespaces, excludeNamespaces, namespaceSelector }: Policy["match"]): ProbedNamespace[] {
  const globs = [...namespaces.slice(0, maximumItems), ...excludeNamespaces.slice(0, maximumItems)];
  const asked = globs.flatMap((glob) => [matched(glob), ...missed(glob)]).filter(isName);
  const [right = {}, ...wrong] = namespaceSelector === undefined ? [] : labelsOf(namespaceSelector);
  const named = distinct(["default", ...nameIn(namespaceSelector), ...asked]);
  const isIn = (globs: readonly string[], name: string) => globs.some((glob) => matchesGlob(glob, name));
  const [first = "default"] = named.filter(
    (name) => (namespaces.length === 0 || isIn(namespaces, name)) && !isIn(excludeNamespaces, name),
  );
  return [...named.map((name) => ({ name, labels: right })), ...wrong.map((labels) => ({ name: first, labels }))];
}

/** A text that a glob matches. */
function matched(glob: string): string {
  return glob.replaceAll("*", "x") || "x";
}

/** Texts that a glob nearly matches, or that it matches and one without its wildcards would not. */
function missed(glob: string): string[] {
  const text = matched(glob);
  const literal = glob.replaceAll("*", "");
  const shorter = [literal.slice(0, -1), literal.slice(1)].map((part) => matched(glob.replace(literal, part)));
  return [`${text}x`, `x${text}`, ...shorter].filter((near) => near !== "");
}

/** Labels that a selector matches, then such as fail one of its requirements each. */
export function labelsOf({ matchLabels = {}, matchExpressions = [] }: LabelSelector): Record<string, string>[] {
  const written = matchExpressions.filter(({ key }) => key !== nameLabel);
  const right: Record<string, string> = { ...matchLabels };
  for (const { key, operator, values } of written) {
    if (operator === "In") right[key] = values?.[0] ?? "";
    if (operator === "Exists") right[key] = "x";
  }
  delete right[nameLabel];
  const wrong = [
    ...Object.keys(matchLabels)
      .filter((key) => key !== nameLabel)
      .flatMap((key) => [without(right, key), { ...right, [key]: `${right[key]}x` }]),
    ...written.flatMap((requirement) => failing(right, requirement)),
  ];
  return [right, ...wrong.slice(0, maximumItems)];
}

function failing(right: Record<string, string>, { key, operator, values }: LabelRequirement): Record<string, string>[] {
  switch (operator) {
    case "In":
      return [without(right, key), { ...right, [key]: `${right[key]}x` }];
    case "Exists":
      return [without(right, key)];
    default:
      return [{ ...right, [key]: values?.[0] ?? "x" }];
  }
}

/** The label that every namespace has, with its own name. */
const nameLabel = "kubernetes.io/metadata.name";

/** Names that a selector asks for by that label. */
function nameIn(selector: LabelSelector | undefined): string[] {
  const label = selector?.matchLabels?.[nameLabel];
  const expressions = selector?.matchExpressions?.filter(({ key }) => key === nameLabel) ?? [];
  return [...(label === undefined ? [] : [label]), ...expressions.flatMap(({ values = [] }) => values.slice(0, 1))];
}

function without(labels: Record<string, string>, key: string): Record<string, string> {
  const { [key]: _, ...rest } = labels;
  return rest;
}

function isName(text: string): boolean {
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text);
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
