import {
  isObject,
  type LabelRequirement,
  type LabelSelector,
  matchesGlob,
  ownProperty,
  type Policy,
} from "@registry-policy/language";
import { labelsOf, scopeValues } from "../generated/scope-values.js";
import type { ProbedNamespace } from "./scene.js";

/** Whom and what the texts of a side may leave out, as far as it can be read without understanding them. */
export interface MinedExemptions {
  readonly namespaces: Set<string>;
  /** Names of users, and of groups with `group:` before them. */
  readonly users: Set<string>;
  /** Annotations, `name=value`, and labels of objects with `label:` before them. */
  readonly annotations: Set<string>;
  /** Labels of namespaces that something selects by, by their JSON. */
  readonly labels: Map<string, Readonly<Record<string, string>>>;
  /** Namespaces on both sides of what policies of ours say, with their labels. */
  readonly ownNamespaces: ProbedNamespace[];
}

/** Nobody and nothing. */
export function noExemptions(): MinedExemptions {
  return { namespaces: new Set(), users: new Set(), annotations: new Set(), labels: new Map(), ownNamespaces: [] };
}

/** Adds what a policy of ours leaves out, which is understood: one value for each glob, and what is nearly one. */
export function addOfPolicy(policy: Policy, found: MinedExemptions): void {
  const { namespaces, users, annotations } = scopeValues(policy);
  const { match, exempt } = policy;
  const { users: userGlobs, groups, breakGlass } = exempt;
  found.ownNamespaces.push(...namespaces);
  for (const name of [...match.namespaces, ...match.excludeNamespaces]) found.namespaces.add(name);
  for (const user of tellingOf([...userGlobs, ...groups.map((glob) => `group:${glob}`)], users)) found.users.add(user);
  const annotationGlobs = breakGlass === undefined ? [] : [`${breakGlass.annotation}=${breakGlass.value ?? "*"}`];
  for (const annotation of tellingOf(annotationGlobs, annotations)) found.annotations.add(annotation);
  if (match.namespaceSelector !== undefined) addLabels(match.namespaceSelector, found);
}

/** Of values, the first that each glob matches, and then those that none matches. */
function tellingOf(globs: readonly string[], values: readonly string[]): string[] {
  const isMatched = (glob: string) => (value: string) => value !== "" && matchesGlob(glob, value);
  const matched = globs.map((glob) => values.find(isMatched(glob)) ?? glob.replaceAll("*", "x"));
  const others = values.filter((value) => value !== "" && !globs.some((glob) => matchesGlob(glob, value)));
  return [...matched, ...others];
}

const quoted = /["'`]([^"'`\s]+)["'`]/g;

/** Adds what is written in an expression, in CEL, Rego or JMESPath. */
export function addOfText(text: string, found: MinedExemptions): void {
  // A name, or a list of names: `request.namespace in ['build', 'ci']`.
  for (const [, names = ""] of text.matchAll(/namespace\w{0,20}[^"'`\n]{1,20}((?:["'`][a-z0-9*-]+["'`][\s,]*)+)/gi)) {
    for (const [, name = ""] of names.matchAll(quoted)) found.namespaces.add(name);
  }
  for (const [, names = ""] of text.matchAll(/username[^"'`\n]{1,20}((?:["'`][^"'`\s]+["'`][\s,]*)+)/gi)) {
    for (const [, name = ""] of names.matchAll(quoted)) found.users.add(name);
  }
  for (const [, after, before] of text.matchAll(
    /userInfo\.groups[^"'`\n]{1,40}["'`]([^"'`\s]+)["'`]|["'`]([^"'`\s]+)["'`]\s+in\s+[\w.]*userInfo\.groups/g,
  )) {
    found.users.add(`group:${after ?? before}`);
  }
  for (const [, name = ""] of text.matchAll(/(?:^|["'`\s])(system:[\w:.-]+)/g)) found.users.add(name);
  for (const [, field, indexed, dotted, value] of text.matchAll(
    /\b(label|annotation)s(?:\[["'`]([^"'`\s]+)["'`]\]|\.([\w-]+))[^"'`\w]{1,10}["'`]([^"'`\s]*)["'`]/g,
  )) {
    found.annotations.add(`${field === "label" ? "label:" : ""}${indexed ?? dotted}=${value}`);
  }
}

/** Adds what an object of a manifest selects by, which stands under a key of its parent. */
export function addOfObject(value: object, key: string, found: MinedExemptions): void {
  const choices = selectedLabels(value);
  if (key === "namespaceSelector") {
    for (const name of choices["kubernetes.io/metadata.name"] ?? []) found.namespaces.add(name);
    addLabels(asSelector(value), found);
  }
  if (key === "selector" || key === "labelSelector" || key === "objectSelector") {
    for (const [name, labels] of Object.entries(choices)) {
      for (const label of labels) found.annotations.add(`label:${name}=${label}`);
    }
  }
  // The subjects of a rule of Kyverno.
  const [kind, name, namespace] = ["kind", "name", "namespace"].map((field) => ownProperty(value, field));
  if (typeof name !== "string") return;
  if (kind === "User") found.users.add(name);
  if (kind === "Group") found.users.add(`group:${name}`);
  if (kind === "ServiceAccount") found.users.add(`system:serviceaccount:${String(namespace)}:${name}`);
}

/** By the labels that a selector names, the values that it names for them. */
function selectedLabels(selector: object): Record<string, readonly string[]> {
  const { matchLabels, matchExpressions } = selector as { matchLabels?: unknown; matchExpressions?: unknown };
  const found: Record<string, readonly string[]> = {};
  for (const [name, value] of Object.entries(isObject(matchLabels) ? matchLabels : {})) found[name] = [String(value)];
  for (const item of Array.isArray(matchExpressions) ? matchExpressions : []) {
    const { key, values } = item as { key?: unknown; values?: unknown };
    if (typeof key === "string") found[key] = Array.isArray(values) && values.length > 0 ? values.map(String) : ["x"];
  }
  return found;
}

/** Labels that a selector matches, such as fail one of its requirements each, and each further value that it names. */
function addLabels(selector: LabelSelector, found: MinedExemptions): void {
  const [right = {}, ...wrong] = labelsOf(selector);
  const further = (selector.matchExpressions ?? [])
    .filter(({ key }) => key !== "kubernetes.io/metadata.name")
    .flatMap(({ key, values = [] }) => values.slice(1, maximumValues).map((value) => ({ ...right, [key]: value })));
  for (const labels of [right, ...wrong, ...further]) {
    if (Object.keys(labels).length > 0) found.labels.set(JSON.stringify(labels), labels);
  }
}

/** A selector of somebody's manifest, as far as it is one. */
function asSelector(value: object): LabelSelector {
  const { matchLabels, matchExpressions } = value as { matchLabels?: unknown; matchExpressions?: unknown };
  const labels = Object.entries(isObject(matchLabels) ? matchLabels : {}).map(([key, label]) => [key, String(label)]);
  const requirements = (Array.isArray(matchExpressions) ? matchExpressions : []).flatMap((item): LabelRequirement[] => {
    const { key, operator, values } = (isObject(item) ? item : {}) as {
      key?: unknown;
      operator?: unknown;
      values?: unknown;
    };
    const known = (["In", "NotIn", "Exists", "DoesNotExist"] as const).find((name) => name === operator);
    if (typeof key !== "string" || known === undefined) return [];
    return [{ key, operator: known, ...(Array.isArray(values) && { values: values.map(String) }) }];
  });
  return { matchLabels: Object.fromEntries(labels), matchExpressions: requirements };
}

const maximumValues = 5;
